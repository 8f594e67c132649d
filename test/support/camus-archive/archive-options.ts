import type { ContainerCodec } from './avro-container-writer.ts';

/** What an archive is. Everything but `dest` and `exec` has a default; all of it is plain JSON. */
export interface ArchiveOptions {
  /** Camus's etl.destination.path, such as /camus/dest. */
  dest: string;
  /** Folder above Camus's etl.execution.base.path, such as /camus/exec: histories are in EXEC/base/history. */
  exec: string;
  /** @default ['page_views'] */
  topics?: string[];
  /** Decides every byte, but for the names of executions. @default 'rewind' */
  seed?: string;
  /** Records of a topic. @default 200000 */
  records?: number;
  /** Partitions of a topic. @default 4 */
  partitions?: number;
  /** First record time, milliseconds since 1970 UTC. @default midnight of 2014-10-30 in Los Angeles */
  start?: number;
  /** Hours that the record times span. @default 24 */
  hours?: number;
  /** Zone of the hours in folders. @default 'America/Los_Angeles', Camus's own */
  timeZone?: string;
  /** Share of the records that are up to three hours late, and so in the folder of an earlier hour. @default 0.02 */
  late?: number;
  /**
   * Hours of which every record has a tag of so many bytes, which compresses by half: each hour whose number since 1970 is
   * divisible by `every`. @default none
   */
  largeHours?: { every: number; bytes: number };
  /** Successful runs of Camus. @default 4 */
  executions?: number;
  /** Map tasks of a run: as many `offsets-m-NNNNN`. @default 3 */
  tasks?: number;
  /**
   * Time of the newest execution, which its folder's name tells to the second; the ones before are an hour apart.
   * @default a minute before now: files that a later run moves into place are then modified after it began
   */
  newestExecutionAt?: number;
  /** How many of the newest history folders are still there; Camus prunes the others. @default all */
  historyKept?: number;
  /** First offset of each partition, in decimal, as it may be above 2^53; missing ones are 0. @default [] */
  startOffsets?: string[];
  /** Partitions without a record in the last run: their offsets are in `offsets-previous` only. @default [] */
  quietPartitions?: number[];
  /** Partitions that never had a record: offsets, and no file. @default [] */
  emptyPartitions?: number[];
  /** Runs that moved files into place and then failed, so that the next one archived the same records again. @default [] */
  failedRuns?: FailedRun[];
  /** 2: the files of the first half of the runs have version 1 of the schema. @default 1 */
  writerSchemas?: 1 | 2;
  /** @default 'deflate', Camus's etl.output.codec */
  codec?: ContainerCodec;
  /** @default 6 */
  deflateLevel?: number;
  /** Bytes of records in a block. @default 16000 */
  syncInterval?: number;
  /** Compression of the offsets files. @default 'record', Hadoop's */
  offsetsCompression?: 'none' | 'record';
}

export interface FailedRun {
  /** The run (from 0) that archives its records again. */
  before: number;
  /** Partitions whose task had moved its files. @default [0] */
  partitions?: number[];
  /** Share of the next run's records that it had read. @default 0.7 */
  share?: number;
}

/** A run of Camus that lands later than the archive was written. */
export interface LaterRun {
  /** Records of each topic. @default a tenth of the archive's */
  records?: number;
  /** False: the run failed after it had moved its files, and left no history. @default true */
  history?: boolean;
  /** Partitions without new records. @default [] */
  quietPartitions?: number[];
  /** When it began, milliseconds since 1970 UTC. @default now, or a second after the newest execution's name if later */
  at?: number;
}

export type ResolvedOptions = Required<ArchiveOptions>;
export type ResolvedLaterRun = Required<LaterRun>;

export function resolveOptions(options: ArchiveOptions): ResolvedOptions {
  const { partitions = 4, executions = 4, historyKept = Infinity } = options;
  const resolved: ResolvedOptions = {
    topics: ['page_views'],
    seed: 'rewind',
    records: 200_000,
    start: Date.UTC(2014, 9, 30, 7),
    hours: 24,
    timeZone: 'America/Los_Angeles',
    late: 0.02,
    largeHours: { every: 0, bytes: 0 },
    tasks: 3,
    newestExecutionAt: Date.now() - 60_000,
    startOffsets: [],
    quietPartitions: [],
    emptyPartitions: [],
    failedRuns: [],
    writerSchemas: 1,
    codec: 'deflate',
    deflateLevel: 6,
    syncInterval: 16_000,
    offsetsCompression: 'record',
    ...options,
    partitions,
    executions,
    historyKept: Math.min(historyKept, Number.MAX_SAFE_INTEGER),
  };
  for (const run of resolved.failedRuns)
    if (!(run.before >= 0 && run.before < executions))
      throw new RangeError(`failedRuns[].before is ${run.before}: expected one of the ${executions} executions`);
  if (resolved.emptyPartitions.length >= partitions)
    throw new RangeError(`emptyPartitions names all ${partitions} partitions: expected one with records at least`);
  return resolved;
}
