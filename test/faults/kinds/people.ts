import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { resumeSignal } from '../../../workflows/run/messages.ts';
import { takeUpByReset } from '../../support/reset-workflow.ts';
import type { FaultKind } from '../fault-kind.ts';
import type { FaultRound } from '../fault-round.ts';
import { ended, STEERING } from './steering.ts';

/** A reset is refused where the run has succeeded meanwhile or holds nothing to go back to. */
async function takeUp(round: FaultRound): Promise<void> {
  await takeUpByReset(round.harness.client, round.handle);
  await round.handle.signal(resumeSignal);
}

export const PEOPLE: readonly FaultKind[] = [
  ...STEERING,
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
];
