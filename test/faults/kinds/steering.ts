import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../../scripts/stack/project-root.ts';
import { pauseSignal, rateSignal, resumeSignal } from '../../../workflows/run/messages.ts';
import { resetTo } from '../../support/reset-workflow.ts';
import type { AttackedRun } from '../attacked-run.ts';
import type { FaultKind } from '../fault-kind.ts';

/** Resolves when the newest run has ended, however it did. */
export async function ended({ handle }: AttackedRun): Promise<string> {
  for (;;) {
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') return status.name;
    await sleep(50);
  }
}

/** The step that is pending now, as the server names it. */
async function pendingActivity({ handle }: AttackedRun): Promise<string | undefined> {
  const { raw } = await handle.describe();
  return raw.pendingActivities?.[0]?.activityId ?? undefined;
}

/** What people do with a job, whatever its workflow. */
export const STEERING: readonly FaultKind<AttackedRun, never>[] = [
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
