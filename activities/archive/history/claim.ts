import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import { JobError } from '../../step/job-error.ts';
import type { TemporalServer } from '../../step/temporal-server.ts';
import { workflowOfJob } from '../../step/job-owner.ts';
import { readOwnJson } from './own-json.ts';

const claimShape = z.object({ job: z.string(), since: z.number(), dest: z.string(), namespace: z.string().optional() });
type Claim = z.output<typeof claimShape>;

/**
 * Says on HDFS which run works on an EXEC: two at once would do each other's work for nothing. (That their data don't
 * mix is the decision's affair.) Claims are numbered, and the largest number counts; whoever takes over from a run that
 * has ended puts the next number in place by a rename, which one of two can do.
 *
 * @returns its number, and the other DESTs of claims before it, which stay until `forgetClaimsBefore`: what their runs
 * left is below these
 * @throws JobError 'archive-running' where a run of another workflow, or an earlier one that goes on, holds it, or one of another namespace
 */
export async function takeClaim(
  store: FileStore,
  folder: string,
  job: { id: string; dest: string },
  temporal: TemporalServer,
  signal: AbortSignal,
): Promise<{ number: number; dests: string[] }> {
  for (;;) {
    const numbers = await numbersIn(store, folder, signal);
    const newest = numbers.at(-1);
    const claim = newest === undefined ? undefined : await readClaim(store, claimPath(folder, newest), signal);
    if (claim?.job === job.id) {
      const dests = new Set<string>();
      for (const old of numbers.slice(0, -1)) {
        const before = await readClaim(store, claimPath(folder, old), signal);
        if (before !== undefined && before.dest !== job.dest) dests.add(before.dest);
      }
      return { number: newest!, dests: [...dests] };
    }
    if (claim?.namespace !== undefined && claim.namespace !== temporal.namespace)
      throw elsewhere(claim, claim.namespace, temporal.namespace, claimPath(folder, newest!));
    if (claim !== undefined && (await temporal.isRunning(workflowOfJob(claim.job))))
      throw new JobError(
        'archive-running',
        `The run ${claim.job} archives with the same execution folder since ${new Date(claim.since).toISOString()}. Wait for it, or cancel it, then start this one again. Two archives of their own need an EXEC and a HISTORY each.`,
        { job: claim.job, folder },
      );
    const number = (newest ?? 0) + 1;
    const mine: Claim = { job: job.id, since: Date.now(), dest: job.dest, namespace: temporal.namespace };
    const attempt = `${folder}/.${number}-${randomUUID()}`;
    await store.write(attempt, [Buffer.from(JSON.stringify(mine))], { signal });
    const taken = await store.rename(attempt, claimPath(folder, number), signal);
    if (!taken) await store.delete(attempt, { signal });
    // The number may have been free because whoever took a larger one has deleted it since.
    else if ((await numbersIn(store, folder, signal)).at(-1) !== number)
      await store.delete(claimPath(folder, number), { signal });
  }
}

/** Nobody here can say whether its run goes on, so that it is never taken for one that has ended. */
function elsewhere({ job, since }: Claim, theirs: string, ours: string, path: string): JobError {
  return new JobError(
    'archive-running',
    `The run ${job} of Temporal's namespace ${theirs} has archived with the same execution folder since ${new Date(since).toISOString()}; from the namespace ${ours} it can't be asked whether it goes on. Two archives of their own need an EXEC and a HISTORY each. If this one has moved here, and none runs there any more, Schedules included: delete ${path}, then start it again.`,
    { job, path },
  );
}

/** Deletes the claims before one that was taken: what their runs left has been brought to an end. */
export async function forgetClaimsBefore(
  store: FileStore,
  folder: string,
  number: number,
  signal: AbortSignal,
): Promise<void> {
  for (const old of await numbersIn(store, folder, signal))
    if (old < number) await store.delete(claimPath(folder, old), { signal });
}

function claimPath(folder: string, number: number): string {
  return `${folder}/${number}.json`;
}

/** Numbers of claims that are in place, ascending. */
async function numbersIn(store: FileStore, folder: string, signal: AbortSignal): Promise<number[]> {
  const numbers: number[] = [];
  try {
    for await (const { path } of store.list(folder, signal)) {
      const number = /^(\d+)\.json$/.exec(baseName(path))?.[1];
      if (number !== undefined) numbers.push(Number(number));
    }
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
  }
  return numbers.sort((a, b) => a - b);
}

/** Undefined where whoever held the next number has deleted it meanwhile. */
function readClaim(store: FileStore, path: string, signal: AbortSignal): Promise<Claim | undefined> {
  const says = { expected: 'the claim of an archive', remedy: 'Delete it when no archive runs.' };
  return readOwnJson(store, path, claimShape, says, signal);
}
