/** Publishing exactly once: fenced transactional publishers, and what became of the transactions of earlier ones. */
export interface PublishPort {
  /**
   * Fences every earlier publisher of this `transactionalId`, ends what it left open, and returns a publisher that
   * is alone until the next one opens.
   */
  openPublisher(options: PublisherOptions): Promise<Publisher>;
  /**
   * How the last transaction of an id ended or will end; undefined where that can't be known (before Kafka 3.0, or
   * where a publisher has been opened since).
   */
  lastOutcome(transactionalId: string): Promise<'commit' | 'abort' | undefined>;
  /**
   * Whether a transaction over the topic or the groups' offsets stays open for `waitMs` longer. Once a new
   * publisher is open that means for ever: a coordinator that writes the markers while a partition has no leader, as
   * when brokers start, takes the partition for deleted and leaves its marker out (KAFKA-5202).
   */
  hasHangingTransaction(scope: TransactionScope, waitMs: number): Promise<boolean>;
}

export interface PublisherOptions {
  transactionalId: string;
  /** Milliseconds after which the broker aborts a transaction that its publisher left open. @default 60000 */
  transactionTimeoutMs?: number;
  compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
}

/**
 * A fenced, transactional publisher. After any error it is dead: every further call throws, and whoever goes on opens
 * another one and reads the position again.
 */
export interface Publisher {
  /**
   * One transaction: the batches (in order within each partition), and the group offsets, both or neither.
   * Resolves after the commit with the base offset that each batch got.
   */
  commit(transaction: Transaction): Promise<{ baseOffsets: bigint[] }>;
  /**
   * Ends what an earlier publisher of the same id has left in the log for ever (see `hangs`), by a transaction of no
   * records over the same partitions and group: its markers end the older one as well. To be called before `commit`.
   */
  endHanging(scope: TransactionScope, outcome: 'commit' | 'abort'): Promise<void>;
  close(): Promise<void>;
}

/** What the transactions of an id write to. */
export interface TransactionScope {
  /** Whose offsets are committed to the groups. */
  topic: string;
  groups: readonly string[];
  /** Whether records are written to the topic's partitions as well. */
  records: boolean;
}

export interface Transaction {
  batches: readonly RecordBatch[];
  offsets: readonly GroupOffsets[];
}

/** Encoded records of one partition; `connections/kafka/batch/record-batch.ts` builds one. */
export interface RecordBatch {
  topic: string;
  partition: number;
  count: number;
  firstTimestamp: bigint;
  maxTimestamp: bigint;
  /** `count` records in the layout of Kafka's record batch v2, deltas against `firstTimestamp` and offset 0. */
  records: Uint8Array;
}

export interface GroupOffsets {
  group: string;
  topic: string;
  offsets: readonly { partition: number; offset: bigint; metadata: string }[];
}
