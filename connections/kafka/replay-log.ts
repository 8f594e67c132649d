/**
 * What Rewind needs of Kafka to publish exactly once. An implementation hides its client library; vendor types
 * appear in its own files only.
 */
export interface KafkaConnection {
  /** Partitions, their offsets and the topic's settings; undefined where there is no such topic. Never creates one. */
  describeTopic(topic: string): Promise<TopicDescription | undefined>;
  /** Creates a topic and waits until every partition has a leader; throws `exists`. */
  createTopic(topic: string, settings: NewTopic): Promise<void>;
  /** What a topic would be if it were created, with all settings; creates nothing. Throws what `createTopic` would. */
  previewTopic(topic: string, settings: NewTopic): Promise<TopicPreview>;
  /** Offsets of a consumer group for a topic (all partitions that have one), and who is in the group. */
  describeGroup(group: string, topic: string, options?: DescribeGroupOptions): Promise<GroupDescription>;
  /**
   * Fences every earlier publisher of this `transactionalId`, ends what it left open, and returns a publisher that
   * is alone until the next one opens.
   */
  openPublisher(options: PublisherOptions): Promise<Publisher>;
  /**
   * The last record that a read_committed consumer would get from each partition (undefined for a partition without
   * one), read without a consumer group.
   */
  lastCommittedRecords(topic: string): Promise<(LastRecord | undefined)[]>;
  /** Offset of the first record that a read_committed consumer gets from a partition; undefined if it has none. */
  firstCommittedOffset(topic: string, partition: number): Promise<bigint | undefined>;
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
  hangs(scope: TransactionScope, waitMs: number): Promise<boolean>;
  /** Counts records between two offsets of a partition that belong to aborted transactions, with the first few ranges. */
  abortedRecords(topic: string, partition: number, from: bigint, to: bigint): Promise<AbortedRecords>;
  /** Broker addresses for messages, without credentials. */
  describe(): string;
  close(): Promise<void>;
}

export interface TopicDescription {
  topic: string;
  /** Cluster-wide id of this incarnation of the topic, where the brokers tell it (Kafka 3.1 and newer). */
  id?: string;
  partitions: {
    partition: number;
    /** Log start. */ earliest: bigint;
    /** Log end (read_uncommitted). */ latest: bigint;
    replicas: number;
  }[];
  /** Effective settings, by name, those inherited from the broker included. */
  settings: Record<string, { value: string; inherited: boolean }>;
}

export interface NewTopic {
  partitions: number;
  /** -1: the broker's default. */
  replicationFactor: number;
  settings: Record<string, string>;
}

export interface TopicPreview {
  /** Undefined where the brokers don't tell (before Kafka 2.4). */
  replicas: number | undefined;
  /** Effective settings by name; of older brokers only those that were asked for. */
  settings: Record<string, string>;
}

export interface DescribeGroupOptions {
  /**
   * What to do about offsets of a transaction that has not ended: wait for its end (as long as the transaction's time-out
   * if its publisher is dead), or take those before it. @default 'wait'
   */
  pending?: 'wait' | 'ignore';
}

export interface GroupDescription {
  group: string;
  /** Members that are in the group now. */
  members: number;
  offsets: { partition: number; offset: bigint; metadata: string }[];
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

export interface LastRecord {
  offset: bigint;
  timestamp: bigint;
  headers: Record<string, Buffer>;
}

export interface AbortedRecords {
  count: bigint;
  ranges: { from: bigint; to: bigint }[];
}
