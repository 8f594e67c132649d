import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { progressQuery } from '../../workflows/replay/messages.ts';
import { rateSignal } from '../../workflows/run/messages.ts';
import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import { deleteZooKeeperOffset, putZooKeeperOffset } from './group-offsets.ts';
import type { ReplayHarness } from './replay-harness.ts';

/**
 * A job that has published everything and failed at its commit, since its group got an offset in ZooKeeper meanwhile;
 * that is gone again when this resolves. The handle's job can be taken up.
 */
export async function failedAtCommit(harness: ReplayHarness, job: ReplayInput, group: string): Promise<WorkflowHandle> {
  const handle = await harness.start({ ...job, rate: { records: 50 }, offsets: { group, existing: 'fail' } });
  while ((await handle.query(progressQuery))?.step !== 'publish') await sleep(20);
  await putZooKeeperOffset(harness, group, job.topic, '0', '17');
  await handle.signal(rateSignal, {});
  const failure = await handle.result().then(
    () => undefined,
    (error: { cause?: { cause?: { type?: string } } }) => error.cause?.cause?.type,
  );
  if (failure !== 'rewind.job.offsets-group-exists')
    throw new Error(`the job was expected to fail at its commit, and ended with ${failure ?? 'success'}`);
  await deleteZooKeeperOffset(harness, group, job.topic, '0');
  return handle;
}
