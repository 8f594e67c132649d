import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { projectRoot } from '../../../scripts/stack/project-root.ts';
import { pauseSignal, rateSignal, resumeSignal } from '../../../workflows/run/messages.ts';
import { resetTo, takeUpByReset } from '../../support/reset-workflow.ts';
import type { FaultKind } from '../fault-kind.ts';
import type { FaultRound } from '../fault-round.ts';

/** Resolves when the newest run has ended, however it did. */
async function ended({ handle }: FaultRound): Promise<string> {
  for (;;) {
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') return status.name;
    await sleep(50);
  }
}

/** A reset is refused where the run has succeeded meanwhile or holds nothing to go back to. */
async function takeUp(round: FaultRound): Promise<void> {
  await takeUpByReset(round.harness.client, round.handle);
  await round.handle.signal(resumeSignal);
}

/** The step that is pending now, as the server names it. */
async function pendingActivity({ handle }: FaultRound): Promise<string | undefined> {
  const { raw } = await handle.describe();
  return raw.pendingActivities?.[0]?.activityId ?? undefined;
}

export const PEOPLE: readonly FaultKind[] = [
  {
    name: 'people.cancel-and-reset',
    async strike(round) {
      await round.handle.cancel();
      const status = await ended(round);
      if (status !== 'CANCELLED') return `cancelled too late: ${status}`;
      await takeUp(round);
      return 'cancelled, and taken up by a reset';
    },
  },
  {
    name: 'people.terminate-and-reset',
    async strike(round) {
      await round.handle.terminate('the fault machine');
      if ((await ended(round)) !== 'TERMINATED') return 'terminated too late';
      await takeUp(round);
      return 'terminated, and taken up by a reset';
    },
  },
  {
    name: 'people.terminate-and-name',
    async strike(round) {
      const { memo } = await round.handle.describe();
      const job = memo?.['job'] as string | undefined;
      if (job === undefined) return 'nothing to take up yet';
      await round.handle.terminate('the fault machine');
      if ((await ended(round)) !== 'TERMINATED') return 'terminated too late';
      const handle = await round.harness.start({ ...round.input, takeUp: job });
      await round.goOnIn(handle.workflowId);
      return 'terminated, and taken up by its name in another workflow';
    },
  },
  {
    name: 'people.reset-anywhere',
    async strike(round, draws) {
      const { events } = await round.handle.fetchHistory();
      const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
      if (tasks.length === 0) return 'no workflow task was completed yet';
      const event = draws.pick(tasks);
      await resetTo(round.harness.client, round.handle, event.eventId, 'the fault machine');
      return `reset to event ${String(event.eventId)} of ${events?.length}`;
    },
  },
  {
    name: 'people.activity-pause',
    async strike(round, draws) {
      const { client } = round.harness;
      const id = await pendingActivity(round);
      if (id === undefined) return 'no activity was pending';
      const execution = { workflowId: round.handle.workflowId, runId: '' };
      const request = { namespace: client.options.namespace, execution, identity: 'fault machine', id };
      await client.workflowService.pauseActivity({ ...request, reason: 'the fault machine' });
      await sleep(500 + draws.below(4_000));
      await client.workflowService.unpauseActivity(request);
      return `activity ${id} was paused and unpaused`;
    },
  },
  {
    name: 'people.activity-reset',
    async strike(round) {
      const { client } = round.harness;
      const id = await pendingActivity(round);
      if (id === undefined) return 'no activity was pending';
      const execution = { workflowId: round.handle.workflowId, runId: '' };
      await client.workflowService.resetActivity({ namespace: client.options.namespace, execution, id });
      return `activity ${id} was reset`;
    },
  },
  {
    name: 'people.pause-rate-resume',
    async strike(round, draws) {
      const rate = { records: 500 + draws.below(2_000) };
      const [pause, slow] = [draws.below(2_000), draws.below(2_000)];
      await round.handle.signal(pauseSignal);
      await sleep(pause);
      await round.handle.signal(rateSignal, rate);
      await round.handle.signal(resumeSignal);
      await sleep(slow);
      await round.handle.signal(rateSignal, {});
      return `paused for ${pause} ms, resumed at ${rate.records} records/s, and let go`;
    },
  },
  {
    name: 'people.started-twice',
    async strike(round) {
      try {
        await round.harness.start(round.input, round.handle.workflowId);
        return 'started again under the same id: the server took it, the job had ended';
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      const { type } = await round.harness.failure(round.input);
      if (type !== 'rewind.job.replay-topic-claimed' && type !== 'rewind.job.replay-topic-foreign')
        throw new Error(`a second job on the replay topic was expected to be refused, and ended with ${type}`);
      return 'a second job on the replay topic was refused';
    },
    steps: ['mergePublish'],
  },
  {
    name: 'people.clock-off',
    async strike(round, draws) {
      const hours = draws.pick([-1, 1]);
      const shift = pathToFileURL(join(projectRoot, 'test', 'faults', 'clock-shift.mjs')).href;
      const off = await round.startWorker({ CLOCK_SHIFT_MS: String(hours * 3_600_000) }, ['--import', shift]);
      for (const worker of round.workers) if (worker !== off) await worker.end('SIGTERM');
      return `the only worker's clock was ${hours} hours off`;
    },
  },
];
