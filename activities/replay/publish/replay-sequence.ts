import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import { MergeStream } from '../../../formats/sorted/merge/merge-stream.ts';
import type { SortedFile } from '../../../formats/sorted/file/open-sorted-file.ts';
import { SortedFilePool } from '../../../formats/sorted/merge/sorted-file-pool.ts';
import type { SortedEntry } from '../../../formats/sorted/file/sorted-entry.ts';
import { JobError } from '../../step/job-error.ts';
import { unusable } from '../../step/staged-json.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { sectionsOf } from '../merge/plan-round.ts';
import { fileHeaders, type EncodedHeaders } from '../record/record-headers.ts';
import { Staging } from '../staging.ts';
import { readCatalogue } from './read-catalogue.ts';
import type { PublishPosition } from './publish-position.ts';

/** The job's one sequence of records from a position on, streamed out of the sorted files in staging. */
export class ReplaySequence {
  readonly #merge: MergeStream;
  readonly #which: ReplayJob['output']['headers'];
  /** Headers of the input files, made when the first record of each comes by. */
  readonly #headers = new WeakMap<SortedFile, EncodedHeaders[]>();

  constructor(merge: MergeStream, which: ReplayJob['output']['headers']) {
    this.#merge = merge;
    this.#which = which;
  }

  /** Goes to the next record; false at the end, or where `fill` must come first. */
  next(): boolean {
    return this.#merge.next();
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
    return this.#merge.position - 1;
  }

  /** The headers that all records of its input file have. */
  get headers(): EncodedHeaders {
    const { sortedFile, file } = this.#merge.entry;
    let known = this.#headers.get(sortedFile);
    if (known === undefined) this.#headers.set(sortedFile, (known = []));
    return (known[file] ??= this.#encode(sortedFile, file));
  }

  close(): Promise<void> {
    return this.#merge.close();
  }

  #encode(sortedFile: SortedFile, file: number): EncodedHeaders {
    const { path, sourcePartition } = sortedFile.files.file(file);
    return fileHeaders(this.#which, path, sourcePartition < 0 ? undefined : sourcePartition);
  }
}

export interface SequenceOptions {
  job: ReplayJob;
  fingerprint: string;
  /** Merge passes that ran. */
  level: number;
  /** Most sections that are open at once. */
  overlap: number;
  /** Records of the whole sequence, decimal text. */
  records: string;
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
  { job, fingerprint, level, overlap, records }: SequenceOptions,
  position: PublishPosition,
  signal: AbortSignal,
): Promise<ReplaySequence> {
  const staging = new Staging(store, job.staging);
  const files = await readCatalogue(store, staging, level, fingerprint, signal);
  const listed = sectionsOf(files).reduce((sum, section) => sum + BigInt(section.records), 0n);
  if (listed !== BigInt(records)) throw unusable(staging.catalogue(level), `${records} records`, `${listed}`);
  const pool = new SortedFilePool({
    fingerprint,
    openSource: (path) => openStaged(store, path, signal),
    rangeBytes: rangeBytes(overlap),
  });
  const merge = new MergeStream(
    files.flatMap((file) => pool.sections(file)),
    { maxOpen: Math.max(job.tuning.mergeFanIn, overlap), signal },
  );
  try {
    const before = position.lastKey === undefined ? 0 : await merge.seekAfter(position.lastKey);
    if (BigInt(before) !== position.published)
      throw new JobError(
        'position-foreign',
        `The committed position in ${job.replayTopic.name} says ${position.published} records, and ${before} records of the sequence stand up to its last key: it belongs to another sequence. Replay into a new topic.`,
        { published: position.published, before },
      );
    return new ReplaySequence(merge, job.output.headers);
  } catch (error) {
    await merge.close();
    throw error;
  }
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
