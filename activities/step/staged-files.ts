import { randomUUID } from 'node:crypto';
import { parentPath } from '../../connections/hdfs/hdfs-path.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { JobError } from './job-error.ts';
import { place, putInPlace, tidily } from './put-in-place.ts';
import { decodeJob, encodeJob, type BegunJob, type JobFormat } from './staged-job.ts';

/** How whatever is staged is written: for the worker's user alone. */
export const OWN_FILE = { rights: '600' } as const;

/**
 * A job's folder on HDFS. Every file in it is written once: under a name of the attempt, then renamed into place, and
 * whoever finds the target there uses it. So two attempts never mix, and what is in place is whole. Names of files are
 * the business of the workflow, whose class extends this one.
 */
export abstract class StagedFiles<Job> {
  readonly folder: string;
  /** Folders that are made when the job begins, beside that of the attempts. */
  protected readonly folders: readonly string[] = [];
  protected abstract readonly format: JobFormat<Job>;
  readonly #store: FileStore;

  constructor(store: FileStore, folder: string) {
    this.#store = store;
    this.folder = folder;
  }

  /** Says that the job is under way: an attempt that finds it gone was overtaken by the end of the job. */
  get beginning(): string {
    return `${this.folder}/job.json`;
  }
  /** Where an attempt writes before it renames; never the name of anything finished. */
  attempt(target: string): string {
    return `${this.folder}/attempts/${target.slice(target.lastIndexOf('/') + 1)}.${randomUUID()}`;
  }

  /** Makes the folder, says whose it is, and returns the job as it was begun first. */
  async begin(job: Job, signal?: AbortSignal): Promise<BegunJob<Job>> {
    const folders = [...this.folders, 'attempts'].map((name) => `${this.folder}/${name}`);
    await this.makeFolders(folders, signal);
    const { beginning } = this;
    // The folder stays, whatever comes of this attempt: while the job has not begun, another attempt may be in it.
    await putInPlace(this.#store, beginning, [encodeJob(this.format, job)], {
      attempt: this.attempt(beginning),
      lost,
      ...OWN_FILE,
      signal,
    });
    const begun = await this.readBeginning(signal);
    if (begun === undefined) throw lost(this.beginning);
    return begun;
  }

  /**
   * Makes folders that nobody else may look into: they hold copies of an archive that may be protected. What is above the
   * job's own folder is made with the server's rights, since users may share it.
   */
  protected async makeFolders(paths: readonly string[], signal?: AbortSignal): Promise<void> {
    await this.#store.makeDirectory(parentPath(this.folder) ?? '/', signal);
    await Promise.all(paths.map((path) => this.#store.makeDirectory(path, signal, '700')));
  }

  /** The job as it was begun, or undefined where there is no such staging folder. */
  async readBeginning(signal?: AbortSignal): Promise<BegunJob<Job> | undefined> {
    const bytes = await this.readSmall(this.beginning, signal);
    return bytes === undefined ? undefined : decodeJob(this.format, this.beginning, bytes);
  }

  /** Puts `bytes` in place unless another attempt was first; returns what is in place. */
  async putSmall(target: string, bytes: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    const present = await this.readSmall(target, signal);
    if (present !== undefined) return present;
    const won = await this.put(target, [bytes], signal);
    if (won) return bytes;
    const theirs = await this.readSmall(target, signal);
    if (theirs === undefined) throw lost(target);
    return theirs;
  }

  /** A whole small file (a few megabytes at most), or undefined. */
  async readSmall(path: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const status = await this.#store.status(path, signal);
    return status === undefined ? undefined : this.#store.read(path, 0, status.length, signal);
  }

  /**
   * Writes a file under a name of its own, whose length the store checks, then renames it to `target`; false if another
   * attempt was first.
   */
  async put(
    target: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const discard = (attempt: string): Promise<void> => this.discard(attempt);
    const attempt = this.attempt(target);
    return putInPlace(this.#store, target, chunks, { attempt, lost, discard, ...OWN_FILE, signal });
  }

  /**
   * Renames what an attempt wrote, with its length checked, to `target`; false if another attempt was first, whose file
   * stays.
   */
  async place(attempt: string, target: string, signal?: AbortSignal): Promise<boolean> {
    return place(this.#store, attempt, target, { lost, signal });
  }

  /**
   * Deletes what an attempt left; without its signal, since a cancelled attempt tidies up too. An attempt that was
   * paused beyond the end of its job finds the folder gone, and takes away what its own writing made of it again.
   */
  async discard(attempt: string): Promise<void> {
    await tidily(async () => {
      const [, beginning] = await Promise.all([this.#store.delete(attempt), this.#store.status(this.beginning)]);
      if (beginning === undefined) await this.#store.delete(this.folder, { recursive: true });
    });
  }
}

function lost(target: string): JobError {
  return new JobError(
    'staging-lost',
    `The staging file ${target} is gone while the job runs: was the folder cleaned, or has the job ended meanwhile? Start the job again.`,
    { path: target },
  );
}
