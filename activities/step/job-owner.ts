import { z } from 'zod';
import { ConnectionError } from '../../connections/connection-error.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { baseName } from '../../connections/hdfs/hdfs-path.ts';
import { parseStaged } from './staged-json.ts';
import type { StagedFiles } from './staged-files.ts';
import type { TemporalServer } from './temporal-server.ts';

type StagedFolder = Pick<StagedFiles<unknown>, 'folder' | 'readSmall' | 'put'>;

const ownerShape = z.object({ workflow: z.string() });

/** Workflow id and run id of `WORKFLOWID/RUNID`, which names a job and whoever runs one. */
export function workflowOfJob(id: string): { workflowId: string; runId: string } {
  const cut = id.lastIndexOf('/');
  return { workflowId: id.slice(0, cut), runId: id.slice(cut + 1) };
}

/**
 * Who runs a job: the workflow that began it, or the one that took it up last. Each take-up puts a file `owner-N.json`
 * with the next number, so of two that come at once one is second, and finds the other. Owners that have ended, as
 * Temporal says, are followed; one that runs is not.
 */
export class JobOwners {
  readonly #store: FileStore;
  readonly #staging: StagedFolder;
  readonly #temporal: Pick<TemporalServer, 'isRunning'>;
  readonly #job: string;

  constructor(store: FileStore, staging: StagedFolder, temporal: Pick<TemporalServer, 'isRunning'>, job: string) {
    this.#store = store;
    this.#staging = staging;
    this.#temporal = temporal;
    this.#job = job;
  }

  /** Makes `me` the owner; returns the workflow that runs the job, if another one does. */
  async claim(me: string, signal?: AbortSignal): Promise<string | undefined> {
    for (;;) {
      const owners = await this.#owners(signal);
      if (owners.at(-1) === me) return undefined;
      const running = await this.#runningOf(owners, me);
      if (running !== undefined) return running;
      const body = Buffer.from(JSON.stringify({ workflow: me }));
      // Whoever was first has this number: what it says is looked at next.
      await this.#staging.put(`${this.#staging.folder}/owner-${owners.length}.json`, [body], signal);
    }
  }

  /** A workflow other than `me` that runs the job; changes nothing. */
  async runningBeside(me: string, signal?: AbortSignal): Promise<string | undefined> {
    return this.#runningOf(await this.#owners(signal), me);
  }

  /**
   * The workflow that has taken the job up from `workflowId` and runs it. A run that was reset to its middle comes by no
   * claim: its steps ask here.
   */
  async takenFrom(workflowId: string, signal?: AbortSignal): Promise<string | undefined> {
    const owner = (await this.#owners(signal)).at(-1) ?? this.#job;
    const workflow = workflowOfJob(owner);
    if (workflow.workflowId === workflowId) return undefined;
    return (await this.#temporal.isRunning(workflow)) ? owner : undefined;
  }

  /** Any of them may have been reset since the others came. */
  async #runningOf(owners: readonly string[], me: string): Promise<string | undefined> {
    for (const owner of new Set([...owners, this.#job].reverse()))
      if (owner !== me && (await this.#temporal.isRunning(workflowOfJob(owner)))) return owner;
    return undefined;
  }

  /** In the order in which they came, the one that began the job first, if it had to come again. */
  async #owners(signal: AbortSignal | undefined): Promise<string[]> {
    const paths: string[] = [];
    try {
      for await (const { path } of this.#store.list(this.#staging.folder, signal))
        if (/^owner-\d+\.json$/.test(baseName(path))) paths.push(path);
    } catch (error) {
      // No folder, no owner: whoever needs one says so.
      if (error instanceof ConnectionError && error.fault === 'not-found') return [];
      throw error;
    }
    const owners: string[] = [];
    for (let number = 0; number < paths.length; number += 1) {
      const path = `${this.#staging.folder}/owner-${number}.json`;
      const bytes = await this.#staging.readSmall(path, signal);
      // Removed meanwhile, with all the rest of the folder.
      if (bytes === undefined) return [];
      owners.push(parseStaged(path, ownerShape, bytes).workflow);
    }
    return owners;
  }
}
