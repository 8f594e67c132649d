import type { RecordFormatName } from '../formats/record-formats.ts';
import type { ArchiveTree } from './archive-tree.ts';
import type { PinnedOffsets } from './pinned-offsets.ts';

/**
 * What an archive looks like on HDFS: the one port between who reads or writes archives and the programs whose archives
 * they are. A layout is one folder beside this file, and one line in `registered.ts`.
 */
export interface ArchiveLayout {
  /** The program that writes such archives, as messages name it. */
  readonly writer: string;
  /** Fields of a job's `archive` that say where such archives are; another one is an error. */
  readonly places: readonly (keyof ArchivePlace)[];
  /** What its files hold, where a job says nothing. @default as the bytes and names of files tell */
  readonly format?: RecordFormatName;
  /** Hadoop glob of all data files of a topic; undefined where the job doesn't say where the archive is. */
  input(archive: ArchivePlace, topic: string): string | undefined;
  /** Whether the name of a file is that of data: not one of bookkeeping, and not one that is still being written. */
  isData(name: string): boolean;
  /** Whether a folder of this name may have data below it. */
  isDataFolder(name: string): boolean;
  /** What the path of a file tells of it; undefined for names that are not this layout's, or of another topic. */
  facts(path: string, topic: string): FileFacts | undefined;
  /** What is odd about the name of a file of data; undefined where nothing is, or such archives have files of any name. */
  odd?(path: string, topic: string): OddName | undefined;
  /** What names of data files look like, for messages. */
  nameShape(topic: string): string;
  /**
   * The times of a file's records as its name or folder tells, with room for what writers do on the day the clocks
   * change; undefined where neither tells.
   *
   * A range of times leaves out files by it, and every record of a file that is read is compared with it.
   */
  span(path: string, topic: string, clock: ArchiveClock): TimeSpan | undefined;
  /**
   * The bucket of time that a file's name tells to the millisecond: all its records are of it, but for what writers do on
   * the day the clocks go back. Undefined where names don't tell, or not how long a bucket lasts.
   */
  bucket?(path: string, topic: string, clock: ArchiveClock): TimeBucket | undefined;
  /**
   * The folder above those that are named by time, and the day that they name, each as it is spelled; undefined for
   * a file that is in no such folder.
   */
  dated(path: string): { root: string; day: string } | undefined;
  /** Folders with data of the topic that `input` does not take; empty where the job says itself what to read. */
  beside(tree: ArchiveTree, archive: ArchivePlace, topic: string, signal?: AbortSignal): Promise<string[]>;
  /**
   * The files in the order of the manifest: records of equal time come in the order of their files, so files of a
   * partition must come in that of their offsets.
   */
  inOrder<File extends { path: string }>(files: readonly File[]): File[];
  /**
   * Most files of one folder that are taken together, where folders may have too many for memory; those before come
   * first, in HDFS's order, and `inOrder` is asked of these alone. @default all of a folder
   */
  readonly filesAtOnce?: number;
  /** Undefined where such archives don't keep the offsets up to which they go: a job then has none to commit. */
  readonly history: OffsetHistory | undefined;
}

/** What a job says of the place of its archive. */
export interface ArchivePlace {
  dest?: string | undefined;
  topicsDir?: string | undefined;
  subDir?: string | undefined;
  input?: string | undefined;
  exec?: string | undefined;
  history?: string | undefined;
}

/** What a name tells of its file: what a reader is told, and what a writer would put into it. */
export interface FileFacts {
  /** As in the name, which may spell it otherwise than Kafka. */
  topic: string;
  partition: number;
  /** The broker that led the partition, or the node of Kafka 0.7 to which it belongs. */
  broker?: string | undefined;
  /** Records in the file. */
  count?: number | undefined;
  /** Offset of the first record. */
  firstOffset?: bigint | undefined;
  /** One past the offset of the last record. */
  nextOffset?: bigint | undefined;
  /** Whether no other file has offsets between the first and the last. */
  alone?: boolean | undefined;
  /** False for Kafka 0.7, whose offsets are bytes: they can't be compared with a number of records. */
  offsetsCountRecords: boolean;
  /** Start of the time bucket, in ms since 1970 UTC. */
  bucketStartMs?: number | undefined;
}

/** What a name tells that it should not. */
export interface OddName {
  /** Where it is refused, with what to do; else a line that stands for all such files. */
  what: string;
  /** Whether the job must not go on with it: else it is said, and the file is read. */
  refuse: boolean;
}

/** What a job says of the times in names and folders. */
export interface ArchiveClock {
  /** IANA zone of the hours in folder names. */
  timeZone: string;
  /** How long a time bucket lasts, in minutes. @default as folders and layouts have it */
  bucketMinutes?: number | undefined;
}

/** Times in ms since 1970 UTC, `to` exclusive, and what told them. */
export interface TimeSpan {
  from: number;
  to: number;
  by: 'name' | 'folder';
}

/** A bucket of time, in ms since 1970 UTC, `to` exclusive. */
export interface TimeBucket {
  from: number;
  to: number;
  /** What the clocks of its writer showed less UTC, in ms; undefined where folders don't tell it exactly. */
  clock?: number | undefined;
}

/**
 * How an archive keeps the offsets up to which it goes. An execution is one run of the program that wrote it, with a
 * beginning in time: what was archived later is not of it.
 */
export interface OffsetHistory {
  /** What of a job tells where it is, for messages. */
  readonly needs: string;
  /** Folder of the executions, or undefined where the job doesn't say. */
  folder(archive: ArchivePlace, topic: string): string | undefined;
  /** Name of the newest execution, or undefined where there is none. */
  newest(tree: ArchiveTree, folder: string, signal?: AbortSignal): Promise<string | undefined>;
  /**
   * The offsets of a topic as they are now.
   *
   * @throws LayoutError where they can't be told in full: no offset is then to be used
   * @throws EntryGone where an execution vanished meanwhile: there is a newer one
   */
  pin(tree: ArchiveTree, request: PinRequest, signal: AbortSignal): Promise<PinnedOffsets>;
  /** Records of the given offsets that an execution says it could not archive, by partition. */
  givenUp(tree: ArchiveTree, request: GivenUpRequest, signal: AbortSignal): Promise<Map<string, GivenUp>>;
}

export interface GivenUpRequest {
  /** Folder of the execution. */
  execution: string;
  topic: string;
  partitions: PinRequest['partitions'];
  /** Offsets that are asked for, by partition, `to` exclusive. */
  ranges: ReadonlyMap<string, { from: bigint; to: bigint }>;
}

export interface GivenUp {
  /** File that says so. */
  where: string;
  records: number;
  /** The first ten. */
  offsets: bigint[];
  /** What is said of the first. */
  reason: string;
}

export interface PinRequest {
  /** Folder of the executions. */
  folder: string;
  topic: string;
  /** How partitions are named (`partitionKey`). */
  partitions: '0.8' | '0.7';
  /** Whether a topic without offsets is an error. */
  required: boolean;
  /** What comes of offsets that names lack, where names are all that tells them. */
  holes: 'fail' | 'report';
}
