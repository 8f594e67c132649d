import { createHash } from 'node:crypto';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { StagedFiles } from '../step/staged-files.ts';
import { STORED_RANGES, type RangesJob } from './job/ranges-job.ts';

/** A name of HDFS holds 255 bytes, an attempt's has 37 more, and each tells its job in 17. */
const LONGEST_ID = 180;

/**
 * The folder of a job of ranges on HDFS: what is in it, and under which names. Jobs for the same groups and topics come
 * one after the other to the same folder, so names tell whose they are: a worker that slept through the end of its job
 * must not lay down what the next one would take for its own.
 */
export class RangesFiles extends StagedFiles<RangesJob> {
  protected override readonly folders = ['ranges'];
  protected override readonly format = STORED_RANGES;
  readonly #files: FileStore;
  readonly #id: string;
  readonly #job: string;

  /** @param job - id of the job that the plan is of */
  constructor(store: FileStore, folder: string, job: string) {
    super(store, folder);
    this.#files = store;
    this.#id = job;
    this.#job = createHash('sha256').update(job).digest('hex').slice(0, 16);
  }

  /** What is read, pinned. */
  get plan(): string {
    return `${this.folder}/plan-${this.#job}.jsonl`;
  }
  /**
   * What a range has come to: the summary of its function, and counts. A job that plans anew may cut the same ranges, and
   * runs them itself.
   */
  report(id: string): string {
    const hash = (): string => createHash('sha256').update(id).digest('hex').slice(0, 16);
    const name = id.length <= LONGEST_ID ? id : `${id.slice(0, LONGEST_ID - 17)}-${hash()}`;
    return `${this.folder}/ranges/${this.#job}-${name}.json`;
  }
  /** What `finish` has returned. */
  get finished(): string {
    return `${this.folder}/finished-${this.#job}.json`;
  }
  /** Of values that could not be decoded; it stays when the folder goes. */
  get skippedFolder(): string {
    return `${this.folder}.errors`;
  }
  skipped(range: number): string {
    return `${this.skippedFolder}/${this.#job}-range-${range}.jsonl`;
  }
  /** The job whose the folder is now, where that is another one. */
  async takenBy(signal?: AbortSignal): Promise<string | undefined> {
    const begun = await this.readBeginning(signal);
    return begun === undefined || begun.job.id === this.#id ? undefined : begun.job.id;
  }
  /**
   * Deletes the folder as long as it is this job's: an attempt that comes late, or for the second time, finds that of the
   * next job in its place, or one that is just being begun.
   */
  async remove(signal?: AbortSignal): Promise<void> {
    const begun = await this.readBeginning(signal);
    if (begun?.job.id !== this.#id) return;
    await this.#files.delete(this.folder, { recursive: true, ...(signal && { signal }) });
  }
  /** Makes the folder that outlives the job. */
  beginSkipped(signal?: AbortSignal): Promise<void> {
    return this.makeFolders([this.skippedFolder], signal);
  }
}
