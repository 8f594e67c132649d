import type { Client } from '@temporalio/client';
import { askedLast, pollersOf, type Pollers } from '../workers/pollers.ts';
import { counted } from '../workflows/run/readable.ts';
import type { Output } from './output.ts';

/** Who has asked this task queue for work lately. */
export function workersOf(client: Client, taskQueue: string): Promise<Pollers> {
  return pollersOf(client, { namespace: client.options.namespace, taskQueue, tasks: 'workflow' });
}

/**
 * What to say where nobody serves the task queue; undefined where somebody does.
 *
 * @param silent - whether a worker was asked, and none answered: then one may have died since it was heard of. @default false
 */
export async function withoutWorkers(client: Client, taskQueue: string, silent = false): Promise<string | undefined> {
  const { alive, last } = await workersOf(client, taskQueue);
  if (alive === 0) {
    const known = last === undefined ? '' : ` (the last to ask it for work was ${askedLast(last)})`;
    return `No worker serves the task queue ${taskQueue}${known}: the job waits until one does (rewind worker).`;
  }
  if (!silent || last === undefined) return undefined;
  return `No worker answers. The last to ask the task queue ${taskQueue} for work was ${askedLast(last)}; one that lives asks once a minute. Start another if it has ended (rewind worker).`;
}

/** Notes where nobody serves the task queue of a job that has been started, or is to go on: no one waits to see it. */
export async function noteWithoutWorkers(client: Client, taskQueue: string, output: Output): Promise<void> {
  const nobody = await withoutWorkers(client, taskQueue);
  if (nobody !== undefined) output.note(nobody);
}

/** `1 worker on the task queue rewind; the last to ask for work was 71@host at …`. */
export function workersLine(taskQueue: string, { alive, last }: Pollers): string {
  const workers = `${counted(alive, 'worker')} on the task queue ${taskQueue}`;
  return last === undefined ? workers : `${workers}; the last to ask for work was ${askedLast(last)}`;
}
