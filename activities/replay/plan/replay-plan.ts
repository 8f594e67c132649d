import type { CommittedOffsets, FileListing, Int64Text } from '../steps.ts';

/**
 * What a replay would do, found out without touching anything: the result of the workflow with `plan: true`. Plain
 * JSON below 64 KB whatever the archive; a list that was cut says how many more there are.
 */
export interface ReplayPlan {
  /** Tells a plan from the result of a replay. */
  plan: true;
  topic: string;
  /** Nothing stands in the way, as far as can be seen now: `problems` is empty. */
  ready: boolean;
  /** Everything that would end the job, or keep it waiting, not only the first of it; in the order of its steps. */
  problems: PlanProblem[];
  /** Worth a look; none of it ends the job. */
  remarks: string[];
  /** Undefined for a job that commits offsets only, as are `sorting`, `staging` and `replayTopic`. */
  read: PlannedRead | undefined;
  sorting: PlannedSorting | undefined;
  staging: PlannedStaging | undefined;
  replayTopic: PlannedReplayTopic | undefined;
  /** Undefined for a job without a group. */
  offsets: PlannedOffsets | undefined;
  /** Of the source topic; undefined where no server could be reached, and in plans of older releases. */
  situation?: PlannedSituation | undefined;
  rights: PlannedRights;
  /** How long planning took. */
  seconds: number;
}

/** A step of the job, as in its progress. */
export type PlannedStep = 'validate' | 'offsets' | 'list' | 'claim' | 'decode' | 'publish' | 'commit';

export interface PlanProblem {
  /** As the failure of the job would have it: `rewind.job.CODE`, `rewind.format.FAULT`, `rewind.connection.FAULT`. */
  type: string;
  /** Where the job would meet it. */
  step: PlannedStep;
  message: string;
  /** Further ones of this type in this step that are not listed. */
  more: number;
}

/** What would be read. */
export interface PlannedRead {
  /** Hadoop glob of the input. */
  input: string;
  /** Camus's execution whose offsets were read; later files are left out. */
  execution: string | undefined;
  files: number;
  bytes: Int64Text;
  records: PlannedRecords;
  /** Times of the records as far as the names of files and folders tell, ISO 8601 in UTC, `to` exclusive. */
  times: { from: string; to: string; filesWithout: number } | undefined;
  formats: PlannedFormat[];
  /** Units of decoding: groups of whole files, and parts of large files that are cut at sync markers or line ends. */
  splits: { total: number; ofWholeFiles: number; ofCutFiles: number };
  /** Files that were decoded, each up to a limit, to find faults and to estimate. */
  sample: { files: number; records: number; bytes: Int64Text; writerSchemas: number };
  /** Files that would not be read. */
  leftOut: FileListing['leftOut'];
  /** Source partitions of which the archive holds records twice. */
  doubled: DoubledPartition[];
  moreDoubled: number;
}

/** How the records would be brought into their order. */
export interface PlannedSorting {
  /** `windows`: window of time after window of time, in memory; `whole`: all, in staging, before the first is published. */
  by: 'windows' | 'whole';
  /** Why so: what the job asks for, or what `sort: "auto"` goes by; undefined where the files could not be listed. */
  why: string | undefined;
  /**
   * Windows, and how many of them are decoded and published in memory: the others go through staging, one after the other.
   * 0 where the archive is sorted as a whole.
   */
  windows: number;
  direct: number;
  /** Of the largest window: bytes of its files, and of its records in memory, about. */
  largestBytes: Int64Text;
  largestMemory: Int64Text;
  /** Bytes of files that are decoded when the first record is published. */
  firstAfterBytes: Int64Text;
}

export interface PlannedRecords {
  /** As the names of the files count them. */
  byNames: Int64Text;
  filesWithoutCount: number;
  /** All of them: those counted by names, and for other files as many as the sample suggests; undefined without one. */
  estimated: Int64Text | undefined;
}

export interface PlannedFormat {
  /** Names that end alike: `*.avro`, `*.gz`, or `others`. */
  names: string;
  files: number;
  bytes: Int64Text;
  /** What files of the sample were by their bytes: `avro`, `sequence-file`, `text`, `text (gzip)`. */
  found: { format: string; files: number }[];
}

/** What runs of Camus archived more than once. */
export interface DoubledPartition {
  partition: string;
  /** Records in the files of one run, and the offsets, both inclusive, that it covers. */
  runs: { records: Int64Text; fromOffset: Int64Text; toOffset: Int64Text }[];
}

/** Room for the job's own files on HDFS. */
export interface PlannedStaging {
  /** Folder below which the job's own will be. */
  folder: string;
  /**
   * Bytes of all sorted files, or of those of the largest window that goes through staging; as much again while merge
   * passes run, where very many splits overlap in time.
   */
  bytes: Int64Text;
  /**
   * The same if windows turn out not to do: a job with `sort: "auto"` that meets a record whose window is still to come
   * stages all. `bytes` of any other.
   */
  atMost?: Int64Text;
  estimate: Estimate;
  /** Copies that HDFS keeps of a new file, where it tells. */
  replication: number | undefined;
  /** Bytes that HDFS has left, copies included, where it tells. */
  free: Int64Text | undefined;
  /** The tightest space quota on the folder or above it, in bytes, copies included. */
  quota: { path: string; bytes: Int64Text; used: Int64Text } | undefined;
}

/** How sizes were estimated: by the sample's bytes, or by a factor on the input's where nothing could be decoded. */
export type Estimate = { by: 'sample' } | { by: 'factor'; factor: number };

export interface PlannedReplayTopic {
  name: string;
  exists: boolean;
  /** What it has, or would be created with. */
  partitions: number;
  /** Undefined where it is the brokers' default and they don't tell. */
  replicas: number | undefined;
  /** Those that matter: as they are, or as they would be set. */
  settings: Record<string, string>;
  /** Settings that would lose, refuse or change records. */
  unsafe: string[];
  /** The job that has claimed it. */
  claimedBy: { job: string; published: Int64Text } | undefined;
  /** Offsets that its partitions have used so far. */
  offsetsUsed: Int64Text;
  /** Bytes of the records as they would be published, before compression. */
  bytes: Int64Text;
  /** The same times `replicas`. */
  brokerBytes: Int64Text | undefined;
  estimate: Estimate;
  /** Bytes of the largest record of the sample, and what the topic takes. */
  largestRecord: number;
  maxMessageBytes: number;
}

/**
 * What would become of a group's offsets in one place: `commit`, `overwrite` others, `leave` those that are there,
 * `withhold` them from a replay that is partial, or `refuse`: one of the problems says why.
 */
export type OffsetsAction = 'commit' | 'overwrite' | 'leave' | 'withhold' | 'refuse';

export interface PlannedOffsets {
  group: string;
  /** Where Camus stopped. */
  execution: string | undefined;
  zookeeper: PlannedZooKeeper | undefined;
  kafka: PlannedKafkaGroup | undefined;
  partitions: PlannedOffset[];
  morePartitions: number;
}

/** What has become of the source topic. */
export interface PlannedSituation {
  /**
   * `absent`: there is none. `recreated`: its log ends before what is archived, so its offsets are others. `trimmed`: its
   * log begins later than at 0. `alive`: all is there. `unknown`: it may not be asked.
   */
  state: 'absent' | 'recreated' | 'trimmed' | 'alive' | 'unknown';
  /** By what this is told, in a sentence without its full stop. */
  why: string;
  /** Of the topic, or where there is none of what the archive has offsets of. */
  partitions: number | undefined;
  /** The topic is there, and has never held a record. */
  empty: boolean;
  /** Offsets between the archive's end and the live log's beginning are nowhere. */
  gap: boolean;
}

export interface PlannedZooKeeper {
  /** Address and chroot. */
  server: string;
  /** Node below which each partition has its own. */
  path: string;
  action: OffsetsAction;
  /** Parents that would be made. */
  creates: string[];
  /** Ids of consumers of the group that run now. */
  consumers: string[];
}

export interface PlannedKafkaGroup {
  action: OffsetsAction;
  /** Active members of the group. */
  members: number;
}

/** An offset to be committed, beside the live topic's range and what the group has now. */
export type PlannedOffset = CommittedOffsets['offsets'][number] & {
  inZooKeeper: string | undefined;
  inKafka: Int64Text | undefined;
};

/** What the worker's users must be allowed to do; each row can be granted as it is. */
export interface PlannedRights {
  kafka: KafkaRight[];
  hdfs: PathRight[];
  zookeeper: PathRight[];
}

/** A literal ACL of Kafka. */
export interface KafkaRight {
  resource: 'Topic' | 'Group' | 'TransactionalId';
  name: string;
  operations: ('Create' | 'Describe' | 'DescribeConfigs' | 'Read' | 'Write')[];
}

export interface PathRight {
  path: string;
  rights: ('read' | 'write' | 'execute' | 'create')[];
}
