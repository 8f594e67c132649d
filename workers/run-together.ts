import type { Worker } from '@temporalio/worker';

/**
 * Runs the workers of a process until all have ended. If one fails, the others are asked to hand over: a process that serves
 * half of its task queues, and looks alive, would be restarted by nobody.
 *
 * @throws what the first of them has failed of
 */
export async function runTogether(workers: readonly Pick<Worker, 'run' | 'shutdown' | 'getState'>[]): Promise<void> {
  let reason: unknown;
  let failed = false;
  await Promise.all(
    workers.map((worker) =>
      worker.run().catch((error: unknown) => {
        if (failed) return;
        [failed, reason] = [true, error];
        for (const other of workers) if (other.getState() === 'RUNNING') other.shutdown();
      }),
    ),
  );
  if (failed) throw reason;
}
