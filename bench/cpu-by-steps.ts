import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { WorkerProcess } from '../test/support/worker-process.ts';
import { progressQuery } from '../workflows/replay/messages.ts';
import { processUsage } from './process-usage.ts';

/** Between two looks: each is a query, which the worker itself answers. */
const LOOK_MS = 1_000;

/** CPU seconds of the worker while each step ran, until the job has ended, as far as a look every second can tell. */
export async function cpuBySteps(worker: WorkerProcess, handle: WorkflowHandle): Promise<Map<string, number>> {
  const spent = new Map<string, number>();
  let last = processUsage(worker.pid).cpuSeconds;
  let hasEnded = false;
  const ended = handle.result().catch(() => undefined); // why is told to whoever asks for the result
  void ended.then(() => (hasEnded = true));
  for (;;) {
    const progress = await handle.query(progressQuery);
    const now = processUsage(worker.pid).cpuSeconds;
    const step = progress?.step ?? 'validate';
    spent.set(step, (spent.get(step) ?? 0) + now - last);
    last = now;
    if (hasEnded || progress?.status === 'done') return spent;
    await Promise.race([sleep(LOOK_MS), ended]);
  }
}
