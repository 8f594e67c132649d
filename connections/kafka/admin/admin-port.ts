/** Topics, their settings and offsets, and consumer groups: what a cluster holds, without reading records. */
export interface AdminPort {
  /** Partitions, their offsets and the topic's settings; undefined where there is no such topic. Never creates one. */
  describeTopic(topic: string): Promise<TopicDescription | undefined>;
  /** Creates a topic and waits until every partition has a leader; throws `exists`. */
  createTopic(topic: string, settings: NewTopic): Promise<void>;
  /** What a topic would be if it were created, with all settings; creates nothing. Throws what `createTopic` would. */
  previewTopic(topic: string, settings: NewTopic): Promise<TopicPreview>;
  /** Offsets of a consumer group for a topic (all partitions that have one), and who is in the group. */
  describeGroup(group: string, topic: string, options?: DescribeGroupOptions): Promise<GroupDescription>;
  /** Names of all consumer groups that this login may see. */
  listGroups(): Promise<string[]>;
  /**
   * Topics with their partitions and leaders, by name; without `names` all that this login may see, internal ones too.
   * A name that isn't there is left out. What is wrong with a topic or partition is said of it, not thrown.
   */
  listTopics(names?: readonly string[]): Promise<TopicOverview[]>;
  /**
   * One offset of each partition, from its leader, for many topics at once, in the order of the request. What fails for
   * a partition after the leaders were looked up anew is its `error`; only what fails for all of them throws.
   */
  listOffsets(topics: readonly TopicPartitions[], at: OffsetSpec): Promise<PartitionOffset[]>;
  /**
   * Where the records end that leaders up to an epoch wrote, as the leader of now knows it: what was read by then and
   * lies behind that end is no longer in the log. No `offset` where it doesn't know, as before Kafka 2.3; errors as with
   * `listOffsets`.
   */
  epochEnds(partitions: readonly PartitionEpoch[]): Promise<PartitionOffset[]>;
  /** Effective settings of topics by name, those inherited from the broker included; a topic that fails has an error. */
  describeSettings(topics: readonly string[]): Promise<TopicSettings[]>;
  /**
   * Effective settings of a broker by name, sensitive ones empty. Needs DESCRIBE_CONFIGS on the cluster: ConnectionError
   * 'denied' without it.
   */
  brokerSettings(): Promise<Record<string, string>>;
  /**
   * Bytes of each partition's log on its leader's disks (DescribeLogDirs); left out where the leader doesn't tell, or
   * the login lacks DESCRIBE on the cluster.
   */
  describeSizes(topics: readonly TopicPartitions[]): Promise<PartitionSize[]>;
  /**
   * Producers with a transaction that is open in a partition, the oldest first; empty where none is, undefined before
   * Kafka 2.8. Needs READ on the topic.
   */
  openTransactions(topic: string, partition: number): Promise<OpenTransaction[] | undefined>;
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

export interface TopicOverview {
  topic: string;
  /** Cluster-wide id of this incarnation of the topic, where the brokers tell it (Kafka 3.1 and newer). */
  id?: string;
  /** One of Kafka's own, such as `__consumer_offsets`. */
  internal: boolean;
  /** Kafka's name for what keeps the topic from being described, such as TOPIC_AUTHORIZATION_FAILED. */
  error?: string;
  /** Ascending. */
  partitions: PartitionOverview[];
}

export interface PartitionOverview {
  partition: number;
  /** Node of the leader; -1 where the partition has none. */
  leader: number;
  /** `host:port` of the leader, as the brokers tell it to clients; left out where there is none. */
  leaderAddress?: string;
  /** Counts the leaders that the partition has had; -1 before Kafka 2.1. */
  leaderEpoch: number;
  /** Nodes. */
  replicas: number[];
  inSync: number[];
}

export interface TopicPartitions {
  topic: string;
  partitions: readonly number[];
}

/**
 * `earliest`: the log start. `latest`: the log end (high watermark). `stable`: the first offset of the first open
 * transaction, or the log end: a read_committed consumer gets no further. A time, in milliseconds since 1970: the first
 * record that is as young or younger (its offset and its timestamp), of committed and open transactions alike.
 */
export type OffsetSpec = 'earliest' | 'latest' | 'stable' | { time: bigint };

export interface PartitionEpoch {
  topic: string;
  partition: number;
  leaderEpoch: number;
}

export interface PartitionOffset {
  topic: string;
  partition: number;
  /** Undefined where no record is as young as the time that was asked for, and with an `error`. */
  offset?: bigint;
  /** The record's timestamp, where a time was asked for. */
  timestamp?: bigint;
  /** Epoch of the leader that appended the record at the offset; left out where the broker doesn't tell. */
  leaderEpoch?: number;
  /** Kafka's name of what went wrong, such as LEADER_NOT_AVAILABLE. */
  error?: string;
}

export interface TopicSettings {
  topic: string;
  settings: Record<string, { value: string; inherited: boolean }>;
  /** Kafka's name of what went wrong. */
  error?: string;
}

export interface PartitionSize {
  topic: string;
  partition: number;
  bytes: bigint;
}

export interface OpenTransaction {
  producerId: bigint;
  producerEpoch: number;
  /** First offset of the transaction in this partition. */
  startOffset: bigint;
  /** Time of the producer's last batch, in milliseconds since 1970. */
  lastTimestamp: bigint;
}
