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
  /**
   * A name for a new execution that sorts behind every entry of the history, whatever the clock says.
   *
   * @throws RangeError naming an entry behind which none can sort
   */
  executionName(entries: Iterable<string>, now: number): string;
  /** The files of an execution, without those of Rewind's own. */
  executionFiles(execution: WrittenExecution): ExecutionFile[];
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
  /** Every partition that is known, once. `start`: where the run began. */
  partitions: readonly (WrittenOffset & { start: bigint })[];
  errors: readonly { topic: string; partition: number; offset: bigint; message: string }[];
  /** JSON objects of counts, for whoever audits. */
  counts: readonly unknown[];
}

export interface ExecutionFile {
  name: string;
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}
