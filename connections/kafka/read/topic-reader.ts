import type { Compression } from '../batch/compression.ts';

/** Reads ranges of offsets as whole record batches. Nothing is copied: what it gives are views into fetched bytes. */
export interface TopicReader {
  /**
   * Every batch of a partition that holds an offset from `from` up to `to`, in order: of records, of markers, aborted
   * ones and empty ones (whose records were compacted away), so that progress is `nextOffset` of the last batch. The
   * first may begin before `from`, the last may end behind `to`: their records outside of the range are left out by
   * `records`. Ends when `to` is reached; where compaction took the last batches below `to`, without a batch there.
   *
   * Fetches the next bytes while the present ones are used, and not more: whoever stops pulling stops the reading.
   * Leaders that move and brokers that throttle are waited for, up to the connection's `waitTimeoutMs` without a byte.
   * Topics of brokers before Kafka 3.1 have no id, and one that was re-created is told only where its log shows it.
   *
   * @throws OffsetOutOfRange (a ConnectionError 'changed') where `from` is not in the log, or where records of the range
   * are deleted while it is read
   * @throws ConnectionError 'unavailable' where `to` is not reached in time: an open transaction, no leader, no broker;
   * 'changed' where the log ends before `to` all the same, or the topic was re-created; 'not-found' for a topic or
   * partition that isn't there; 'refused' for a batch that can't be read, with its offset: those of the formats 0 and 1
   * (written before Kafka 0.11) too
   */
  read(range: OffsetRange, options?: ReadOptions): AsyncIterable<LogBatch>;
  close(): Promise<void>;
}

export interface OffsetRange {
  topic: string;
  /**
   * Id of the incarnation of the topic that is meant, from `TopicOverview`: one that was re-created since is an error
   * ('changed'). @default whichever is there when the reading begins, and no other
   */
  topicId?: string | undefined;
  partition: number;
  /** First offset of the range. */
  from: bigint;
  /** The offset behind its last one; with isolation 'committed' at most the last stable offset, else the log end. */
  to: bigint;
}

export interface ReadOptions {
  /**
   * 'committed': up to the last stable offset, aborted batches told as such. 'uncommitted': up to the log end, and what
   * becomes of an open transaction can't be known: `kind` is never 'aborted'. @default 'committed'
   */
  isolation?: 'committed' | 'uncommitted';
  /** Bytes of one fetch; a batch that is larger comes whole all the same. Twice as many are held. @default 4 MiB */
  maxBytes?: number;
  /** Ends the reading with its reason, at the next batch or wait. */
  signal?: AbortSignal;
}

/** One record batch of a log. It, its records and their views are valid until the next batch is asked for. */
export interface LogBatch {
  /** Offset of the batch's first record, when it was written: compaction may have removed it. */
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  /** Where to go on after this batch: `lastOffset + 1`. */
  readonly nextOffset: bigint;
  /** Records in the batch, whether or not in the range; fewer than its offsets, or 0, where the log was compacted. */
  readonly count: number;
  /**
   * 'data': records that a consumer gets. 'aborted': records of an aborted transaction. 'control': a marker, whose
   * record no consumer gets.
   */
  readonly kind: 'data' | 'aborted' | 'control';
  /** What a control batch says; 'other' for those that end no transaction. */
  readonly marker: 'commit' | 'abort' | 'other' | undefined;
  /** Epoch of the leader that appended the batch; -1 where it is unknown. */
  readonly leaderEpoch: number;
  /** Whether timestamps are the producer's ('create') or the broker's, one for the whole batch ('append'). */
  readonly timestampType: 'create' | 'append';
  /** Milliseconds since 1970; -1 is 'none'. */
  readonly maxTimestamp: bigint;
  /** -1: the producer was neither idempotent nor transactional. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Sequence number of the first record within its producer's epoch; -1 where it has none. */
  readonly baseSequence: number;
  readonly isTransactional: boolean;
  readonly compression: Compression;
  /** Size in the log, header included. */
  readonly bytes: number;
  /**
   * The batch's records that are in the range, in runs that are decompressed one by one: most batches are one run, and
   * one that unpacks to a gigabyte is many, so that a few MiB, or the largest record, are held at a time. A marker's
   * record is among them too.
   *
   * @throws ConnectionError 'refused' where bytes or lengths are not those of a batch, with its offset
   */
  records(): AsyncIterable<RecordCursor>;
}

/**
 * Walks records without making objects: `next` goes to the next one, the fields say where it is. Everything is valid
 * until `next` is called again; `bytes` until the next run.
 */
export interface RecordCursor {
  /** Goes to the next record; false behind the last one. */
  next(): boolean;
  /** What the positions below are positions in. */
  readonly bytes: Buffer;
  readonly offset: bigint;
  /** The same as a number; NaN where it is beyond 2^52: take `offset` then. */
  readonly offsetNumber: number;
  /** Whether the timestamp is that of the broker's append, as the batch's `timestampType` says. */
  readonly appendTime: boolean;
  /** Milliseconds since 1970, as the batch's `timestampType` says; the whole range of 64 bits. */
  readonly timestamp: bigint;
  /** The same as a number; NaN where it, or what it is counted from, is beyond ±2^53: take `timestamp` then. */
  readonly timestampNumber: number;
  /** First byte of the key and the one behind its last; -1 and -1: null. */
  readonly keyStart: number;
  readonly keyEnd: number;
  /** The same of the value. */
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly headerCount: number;
  /** First byte of the first header, behind their count; they end with the record. */
  readonly headersStart: number;
  /** Key and value as views; null is not empty. */
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The record as it is in the batch, behind its length: attributes, deltas, key, value, headers. */
  readonly recordStart: number;
  readonly recordEnd: number;
  /** Headers in their order, repeated names too; made at each call. */
  headers(): RecordHeader[];
}

export interface RecordHeader {
  name: string;
  value: Buffer | null;
}
