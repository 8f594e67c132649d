import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import { MergeStream } from '../../../formats/sorted/merge/merge-stream.ts';
import { SortedFilePool } from '../../../formats/sorted/merge/sorted-file-pool.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import { compareSortKeys, type SortKey } from '../../../formats/sorted/file/sort-key.ts';
import type { SortedEntry } from '../../../formats/sorted/file/sorted-entry.ts';
import { JobError } from '../../step/job-error.ts';
import { unusable } from '../../step/staged-json.ts';
import { ordersByRecords } from '../job/own-offsets.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { OffsetTracker } from '../merge/offset-tracker.ts';
import { sectionsOf } from '../merge/plan-round.ts';
import type { EncodedHeaders } from '../record/record-headers.ts';
import { Staging } from '../staging.ts';
import { FileHeaders } from './file-headers.ts';
import { readCatalogue } from './read-catalogue.ts';
import { INTO_ANOTHER_TOPIC } from '../windows/window-check.ts';
import type { PublishPosition } from './publish-position.ts';

/** A job's one sequence of records from a position on, as publishing takes it. */
export interface PublishedSequence {
  /** Goes to the next record; false at the end, or where `fill` must come first. */
  next(): boolean;
  /** Why `next` returned false: true at the end of the sequence. */
  readonly atEnd: boolean;
  /** Whether `fill` may take long: what is in hand is better published first. */
  readonly mayTakeLong?: boolean;
  fill(): Promise<void>;
  /** The record at hand: a view, valid until the next call of `next`. */
  readonly record: SortedEntry;
  /** Its place in the sequence, from 0. */
  readonly ordinal: number;
  /** The headers that all records of its input file have. */
  readonly headers: EncodedHeaders;
  /** Entries up to the record at hand that were passed over, since the record is in the archive more than once. */
  readonly repeats: number;
  /** Told that all up to a key is out, or ends the attempt: it is not asked for again. */
  letGo?(key: SortKey): void;
  close(): Promise<void>;
}

/** The same, streamed out of the sorted files in staging. */
export class ReplaySequence implements PublishedSequence {
  readonly #merge: MergeStream;
  readonly #headers: FileHeaders;
  /** Of a sequence by the records' own offsets: what tells those that are there twice. */
  readonly #tracker: OffsetTracker | undefined;
  #repeats: number;
  readonly #before: number;

  /**
   * @param repeats entries before the next one that are none of the sequence
   * @param before records of the sequence that stand before all that is merged
   */
  constructor(
    merge: MergeStream,
    which: ReplayJob['output']['headers'],
    tracker?: OffsetTracker,
    { repeats = 0, before = 0 }: { repeats?: number; before?: number } = {},
  ) {
    this.#merge = merge;
    this.#headers = new FileHeaders(which);
    this.#tracker = tracker;
    this.#repeats = repeats;
    this.#before = before;
  }

  /** Goes to the next record; false at the end, or where `fill` must come first. */
  next(): boolean {
    if (this.#tracker === undefined) return this.#merge.next();
    while (this.#merge.next()) {
      if (isFirst(this.#tracker, this.#merge.entry)) return true;
      this.#repeats += 1;
    }
    return false;
  }

  /** Entries up to the record at hand that were passed over, since the record is in the archive more than once. */
  get repeats(): number {
    return this.#repeats;
  }

  get atEnd(): boolean {
    return !this.#merge.needsData;
  }

  fill(): Promise<void> {
    return this.#merge.fill();
  }

  /** The record at hand: a view, valid until the next call of `next`. */
  get record(): SortedEntry {
    return this.#merge.entry;
  }

  /** Its place in the sequence, from 0. */
  get ordinal(): number {
    return this.#before + this.#merge.position - 1 - this.#repeats;
  }

  /** The headers that all records of its input file have. */
  get headers(): EncodedHeaders {
    return this.#headers.of(this.#merge.entry);
  }

  close(): Promise<void> {
    return this.#merge.close();
  }
}

/** Whether no record of the same partition and offset came before. */
export function isFirst(tracker: OffsetTracker, { sortedFile, file, timeHi, timeLo }: SortedEntry): boolean {
  return tracker.take(sortedFile.files.sourcePartitions[file]!, timeHi, timeLo);
}

export interface SequenceOptions {
  job: ReplayJob;
  fingerprint: string;
  /** Merge passes that ran. */
  level: number;
  /** Most sections that are open at once. */
  overlap: number;
  /** Records of the whole sequence, or of the window, decimal text. */
  records: string;
  /** Of a window that is staged: its number, and the records of the sequence that stand before it. */
  window?: { number: number; before: number } | undefined;
  /** Entries of the sorted files beside them, that repeat one of them. @default none */
  repeats?: string | undefined;
  /** Whether what is out may be of windows. @default false */
  afterWindows?: boolean | undefined;
}

/** Bytes that all open sections may hold: two ranges each. Every range is a connection to a DataNode. */
const READ_AHEAD_BYTES = 64 * 1024 * 1024;
const LARGEST_RANGE = 4 * 1024 * 1024;
const SMALLEST_RANGE = 256 * 1024;

/** Bytes of one range where so many sections overlap. */
export function rangeBytes(overlap: number): number {
  return Math.max(SMALLEST_RANGE, Math.min(LARGEST_RANGE, Math.floor(READ_AHEAD_BYTES / 2 / Math.max(1, overlap))));
}

/** Opens the sequence behind `position`, and checks that as many records stand before as the position says. */
export async function openReplaySequence(
  store: FileStore,
  { job, fingerprint, level, overlap, records, repeats = '0', window, afterWindows = false }: SequenceOptions,
  position: PublishPosition,
  signal: AbortSignal,
): Promise<ReplaySequence> {
  const staging = new Staging(store, job.staging, window?.number);
  const files = await readCatalogue(store, staging, level, fingerprint, signal);
  const listed = sectionsOf(files).reduce((sum, section) => sum + BigInt(section.records), 0n);
  const expected = BigInt(records) + BigInt(repeats);
  if (listed !== expected) throw unusable(staging.catalogue(level), `${expected} records`, `${listed}`);
  const merge = openMerge(store, files, { job, fingerprint, overlap }, signal);
  const tracker = ordersByRecords(job) ? new OffsetTracker() : undefined;
  try {
    const behind = position.lastKey === undefined ? 0 : await goBehind(merge, position.lastKey, tracker);
    const before = (window?.before ?? 0) + behind;
    const passed = position.repeats ?? 0n;
    const out = position.published + passed;
    if (afterWindows && BigInt(before) > out) throw belongsBefore(job.replayTopic.name, position, before);
    if (BigInt(before) !== out)
      throw new JobError(
        'position-foreign',
        `The committed position in ${job.replayTopic.name} says ${position.published} records${passed === 0n ? '' : ` and ${passed} repeats`}, and ${before} records of the sequence stand up to its last key: it belongs to another sequence. Replay into a new topic.`,
        { published: position.published, repeats: passed, before },
      );
    const own = { repeats: Number(passed), before: window?.before ?? 0 };
    return new ReplaySequence(merge, job.output.headers, tracker, own);
  } catch (error) {
    await merge.close();
    throw error;
  }
}

/**
 * Windows were published when later ones were not read yet. When all is merged behind them it shows whether other records
 * than the one that has ended them belong before what is out.
 */
function belongsBefore(topic: string, { published, repeats = 0n }: PublishPosition, before: number): JobError {
  const more = BigInt(before) - published - repeats;
  return new JobError(
    'position-foreign',
    `${published} records of this job are published in ${topic}, and ${more} more belong before the last of them, out of files of windows that were still to come. No more is published: no record ever is at the wrong place. ${INTO_ANOTHER_TOPIC}.`,
    { published, repeats, before, more },
  );
}

/** The merge of all sorted files that a catalogue lists. */
export function openMerge(
  store: FileStore,
  files: readonly CatalogueFile[],
  { job, fingerprint, overlap }: Pick<SequenceOptions, 'job' | 'fingerprint' | 'overlap'>,
  signal: AbortSignal,
): MergeStream {
  const pool = new SortedFilePool({
    fingerprint,
    openSource: (path) => openStaged(store, path, signal),
    rangeBytes: rangeBytes(overlap),
  });
  return new MergeStream(
    files.flatMap((file) => pool.sections(file)),
    { maxOpen: Math.max(job.tuning.mergeFanIn, overlap), signal },
  );
}

/**
 * Goes behind the entry of a key. With a tracker from the first entry of that offset on, since what was published of it
 * before tells the repeats that come behind. Returns the entries before the next one.
 */
export async function goBehind(merge: MergeStream, key: SortKey, tracker: OffsetTracker | undefined): Promise<number> {
  if (tracker === undefined) return merge.seekAfter(key);
  await merge.seekAfter(beforeOffset(key));
  for (;;) {
    while (merge.next()) {
      isFirst(tracker, merge.entry);
      // Behind it only where there is no such entry: then the number tells.
      if (compareSortKeys(merge.entry, key) >= 0) return merge.position;
    }
    if (!merge.needsData) return merge.position;
    await merge.fill();
  }
}

/** The last key that there could be of the offset before. */
export function beforeOffset({ timeHi, timeLo }: Pick<SortKey, 'timeHi' | 'timeLo'>): SortKey {
  const last = { split: 0xffffffff, sequence: 0xffffffff };
  return timeLo === 0 ? { timeHi: timeHi - 1, timeLo: 0xffffffff, ...last } : { timeHi, timeLo: timeLo - 1, ...last };
}

/** Opens a file of staging, which must be there. */
export async function openStaged(
  store: FileStore,
  path: string,
  signal: AbortSignal,
): Promise<ReturnType<typeof openFileSource>> {
  const status = await store.status(path, signal);
  if (status === undefined)
    throw new JobError(
      'staging-lost',
      `The sorted file ${path} is gone while the job runs: was the staging folder cleaned? Start the job again.`,
      { path },
    );
  return openFileSource(store, status);
}
