import type { TopicReader } from './topic-reader.ts';

/** Reading logs without a consumer group. */
export interface ReadPort {
  /**
   * A reader of whole batches. It connects when it first reads, to each leader once, and any number of its ranges may
   * be read at a time; to be closed.
   */
  openReader(): TopicReader;
  /**
   * The last record that a read_committed consumer would get from each partition (undefined for a partition without
   * one).
   */
  lastCommittedRecords(topic: string, options?: LastRecordsOptions): Promise<(LastRecord | undefined)[]>;
  /** Offset of the first record that a read_committed consumer gets from a partition; undefined if it has none. */
  firstCommittedOffset(topic: string, partition: number): Promise<bigint | undefined>;
  /** Counts records between two offsets of a partition that belong to aborted transactions, with the first few ranges. */
  abortedRecords(topic: string, partition: number, from: bigint, to: bigint): Promise<AbortedRecords>;
}

export interface LastRecordsOptions {
  /**
   * What to do about transactions that have not ended: wait for their end, up to the connection's `waitTimeoutMs`, or
   * take the last record before them. @default 'wait'
   */
  open?: 'wait' | 'ignore';
}

export interface LastRecord {
  offset: bigint;
  timestamp: bigint;
  headers: Record<string, Buffer>;
}

export interface AbortedRecords {
  count: bigint;
  ranges: { from: bigint; to: bigint }[];
}
