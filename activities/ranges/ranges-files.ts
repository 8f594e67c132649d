import { createHash, randomUUID } from 'node:crypto';
import { ConnectionError } from '../../connections/connection-error.ts';
import { baseName } from '../../connections/hdfs/hdfs-path.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { putInPlace, tidily } from '../step/put-in-place.ts';
import { OWN_FILE, StagedFiles } from '../step/staged-files.ts';
import { decodeJob, type BegunJob } from '../step/staged-job.ts';
import { unusable } from '../step/staged-json.ts';
import { STORED_RANGES, type RangesJob } from './job/ranges-job.ts';

/** A name of HDFS holds 255 bytes, and an attempt's has 37 more. */
const LONGEST_ID = 180;

/**
 * The folder of jobs of ranges on HDFS: what is in it, and under which names. Jobs for the same groups and topics come
 * one after the other to the same folder. All that is one job's alone is in a folder of its own therein, so that a worker
 * that slept through the end of its job lays down nothing that the next one would take for its own, and takes nothing away.
 */
export class RangesFiles extends StagedFiles<RangesJob> {
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

  /** What is this job's alone, whoever goes on with it. */
  get own(): string {
    return `${this.folder}/${this.#job}`;
  }
  /** What is read, pinned. */
  get plan(): string {
    return `${this.own}/plan.jsonl`;
  }
  /**
   * What a range has come to: the summary of its function, and counts. A job that plans anew may cut the same ranges, and
   * runs them itself.
   */
  report(id: string): string {
    const hash = (): string => createHash('sha256').update(id).digest('hex').slice(0, 16);
    const name = id.length <= LONGEST_ID ? id : `${id.slice(0, LONGEST_ID - 17)}-${hash()}`;
    return `${this.own}/ranges/${name}.json`;
  }
  /** What `finish` has returned. */
  get finished(): string {
    return `${this.own}/finished.json`;
  }
  /** Of values that could not be decoded; it stays when the folder goes. */
  get skippedFolder(): string {
    return `${this.folder}.errors`;
  }
  skipped(range: number): string {
    return `${this.skippedFolder}/${this.#job}-range-${range}.jsonl`;
  }
  /** Where who runs the job is told. */
  get owners(): Pick<StagedFiles<RangesJob>, 'folder' | 'readSmall' | 'put'> {
    return {
      folder: this.own,
      readSmall: (path, signal) => this.readSmall(path, signal),
      // What is told of a job that has ended meanwhile goes when whoever tells it has seen that.
      put: (target, chunks, signal) =>
        putInPlace(this.#files, target, chunks, { attempt: this.attempt(target), ...OWN_FILE, signal }),
    };
  }

  /**
   * A folder of an older layout is gone on with by nobody here: its plan and summaries are elsewhere, and would be missed in
   * silence.
   *
   * @throws JobError 'staging-unusable'
   */
  override async readBeginning(signal?: AbortSignal): Promise<BegunJob<RangesJob> | undefined> {
    const begun = await super.readBeginning(signal);
    if (begun === undefined || begun.layout === STORED_RANGES.layout) return begun;
    throw unusable(
      this.beginning,
      `a folder of layout ${STORED_RANGES.layout}`,
      `layout ${begun.layout}, of release ${begun.release}`,
      `Let workers of the release that began the job ${begun.job.id} finish it; or delete ${this.folder}, and start the job: its ranges have other ids then, and are all run.`,
    );
  }

  override attempt(target: string): string {
    if (target === this.beginning) return `${this.folder}/attempts/${this.#job}.${randomUUID()}`;
    return `${this.own}/attempts/${baseName(target)}.${randomUUID()}`;
  }

  /** Makes what `own` needs: for whoever has begun the job, or goes on with it. */
  async makeOwn(signal?: AbortSignal): Promise<void> {
    await this.makeFolders([`${this.own}/ranges`, `${this.own}/attempts`], signal);
  }

  /** The job whose the folder is now, where that is another one. */
  async takenBy(signal?: AbortSignal): Promise<string | undefined> {
    const begun = await this.readBeginning(signal);
    return begun === undefined || begun.job.id === this.#id ? undefined : begun.job.id;
  }

  /**
   * Deletes what is this job's, and the folder where nothing else is in it: an attempt that comes late, or for the second
   * time, finds that of the next job in its place, or one that is just being begun.
   */
  async remove(signal?: AbortSignal): Promise<void> {
    await this.#files.delete(this.own, { recursive: true, ...(signal && { signal }) });
    await this.#endBeginning(signal);
    await this.#removeEmpty(signal);
  }

  /** Deletes what an attempt left, and what its writing made anew of a folder that is gone. */
  override async discard(attempt: string): Promise<void> {
    await tidily(async () => {
      await this.#files.delete(attempt);
      if ((await this.readBeginning())?.job.id === this.#id) return;
      await this.#files.delete(this.own, { recursive: true });
      await this.#removeEmpty();
    });
  }

  /**
   * Takes the beginning away if it is this job's. Between the look and the deed the next job may have begun, so it is
   * put aside first and looked at there; what is another job's goes back to its place.
   */
  async #endBeginning(signal?: AbortSignal): Promise<void> {
    const aside = `${this.folder}/attempts/${this.#job}.ended`;
    for (;;) {
      const bytes = await this.readSmall(aside, signal);
      const own = bytes === undefined || decodeJob(STORED_RANGES, aside, bytes).job.id === this.#id;
      if (!own) await this.#files.rename(aside, this.beginning, signal);
      if (bytes !== undefined) await this.#files.delete(aside, signal && { signal });
      if ((await this.readBeginning(signal))?.job.id !== this.#id) return;
      await this.makeFolders([`${this.folder}/attempts`], signal);
      await this.#files.rename(this.beginning, aside, signal);
    }
  }

  async #removeEmpty(signal?: AbortSignal): Promise<void> {
    try {
      for (const path of [`${this.folder}/attempts`, this.folder]) await this.#files.delete(path, signal && { signal });
    } catch (error) {
      // Somebody else's is in it.
      if (!(error instanceof ConnectionError) || error.fault !== 'refused') throw error;
    }
  }

  /** Makes the folder that outlives the job. */
  beginSkipped(signal?: AbortSignal): Promise<void> {
    return this.makeFolders([this.skippedFolder], signal);
  }
}
