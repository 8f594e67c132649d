import type { ByteSource } from '../formats/byte-source.ts';

/**
 * How an archive is written: names, folders and the history from which the next run goes on. The port between the
 * workflow `archive` and the program whose archives it goes on with.
 */
export interface ArchiveWriting {
  /** Folder of a topic below DEST. Two topics may share one. */
  topicFolder(dest: string, topic: string): string;
  /** @throws FormatError or RangeError for folders, a zone or a length that won't do */
  buckets(options: BucketOptions): Buckets;
  /**
   * Path of a finished data file.
   *
   * @param extension with its dot, or empty
   */
  path(dest: string, file: NamedFile, extension: string): string;
  /** What the path of a data file tells of its place in a partition; undefined for files that are not this archive's. */
  place(path: string): { partition: number; nextOffset: bigint } | undefined;
  /** Whether data may be behind a name: not one of bookkeeping, and not one that is still being written. */
  isData(name: string): boolean;
  /** When the execution of this name began, in ms since 1970 UTC; undefined for what is no execution. */
  executionStart(name: string): number | undefined;
  /** Folders in which a history is where nobody says otherwise: of Rewind's archives, and of the program before them. */
  usualHistories(exec: string): string[];
  /**
   * A name for a new execution that sorts behind every entry of the history, whatever the clock says.
   *
   * @throws RangeError naming an entry behind which none can sort
   */
  executionName(entries: Iterable<string>, now: number): string;
  /** The files of an execution, without those of Rewind's own. */
  executionFiles(execution: WrittenExecution): ExecutionFile[];
  /** File of an execution that holds its counts. */
  readonly countsName: string;
  /** @throws SyntaxError or TypeError for a text that is none */
  readCounts(text: string): TopicCounts[];
  /** How counts are told to whoever compares them with those of other tiers. */
  readonly auditEvents: AuditEvents;
  /** Whether a file of an execution holds offsets. */
  holdsOffsets(name: string): boolean;
  /**
   * The offsets of one such file; of all files together the largest of a partition counts.
   *
   * @throws FormatError for a damaged file, of which no offset is to be used
   */
  readOffsets(source: ByteSource, signal?: AbortSignal): Promise<WrittenOffset[]>;
}

export interface BucketOptions {
  timeZone?: string | undefined;
  folders?: string | undefined;
  subDir?: string | undefined;
  bucketMinutes?: number | undefined;
}

/** A folder below that of a topic, and what of a record's time it holds. */
export interface TimeBucket {
  /** Milliseconds since 1970 UTC. */
  readonly start: number;
  readonly folder: string;
}

export interface Buckets {
  /** The bucket of a time in ms since 1970: the same object for all times in it, as long as it is remembered. */
  of(time: number): TimeBucket;
}

/** What is in a file, as its name says. */
export interface NamedFile {
  topic: string;
  leader: string;
  partition: number;
  records: number;
  /** One past the offset of the last record. */
  next: bigint;
  bucket: TimeBucket;
}

/** Where a partition goes on. */
export interface WrittenOffset {
  topic: string;
  partition: number;
  leader: string;
  next: bigint;
  /** Average bytes of a record; undefined where nothing was ever read. */
  messageSize: number | undefined;
}

export interface WrittenExecution {
  name: string;
  /**
   * Every partition that is known, once. `start`: where the run began; `leaderAddress` (`host:port`) and `latest`: as the
   * run found it, undefined for one that it only carries over.
   */
  partitions: readonly (WrittenOffset & {
    start: bigint;
    leaderAddress?: string | undefined;
    latest?: bigint | undefined;
  })[];
  errors: readonly { topic: string; partition: number; offset: bigint; message: string }[];
  /** For whoever audits: one object a topic. */
  counts: readonly TopicCounts[];
}

/** Records of one topic by the time of the event and by who produced them. */
export interface RecordCount {
  /** Beginning of the span that is counted, milliseconds since 1970 UTC. */
  start: number;
  server: string;
  service: string;
  count: number;
}

/** What was counted of one topic: an object of Camus's counts file. */
export interface TopicCounts {
  topic: string;
  /** Milliseconds of a span; Camus's `kafka.monitor.time.granularity` is in minutes. */
  granularity: number;
  counts: readonly RecordCount[];
  /** When the work on these records began and ended. */
  startTime: number;
  endTime: number;
  /** Earliest and latest time of a record; 0 where there is none. */
  firstTimestamp: number;
  lastTimestamp: number;
}

export interface ExecutionFile {
  name: string;
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface AuditEvents {
  /** The topic for them, where a job names none. */
  readonly topic: string;
  /** JSON of the schema that they have. */
  readonly schemaJson: string;
  /**
   * Avro's binary encoding of an event, without a frame.
   * @throws RangeError for a guid that has not 16 bytes
   */
  encode(event: AuditEvent): Buffer;
}

/** How many records of a topic, of one producer and one span of event time, have passed a tier. */
export interface AuditEvent {
  /** When the message was made, milliseconds since 1970. */
  time: number;
  /** Of the producer whose records were counted. */
  server: string;
  service: string;
  /** 16 bytes, the same for each attempt to post the message. */
  guid: Uint8Array;
  /** The stage that counted. */
  tier: string;
  topic: string;
  count: number;
  /** The span, milliseconds since 1970: its end is the beginning of the next. */
  begin: number;
  end: number;
}
