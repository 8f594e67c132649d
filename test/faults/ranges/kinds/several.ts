import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { reasonOf } from '../../../support/replay-harness.ts';
import type { RangesWatchedStep } from '../../../support/ranges-watch.ts';
import type { FaultKind } from '../../fault-kind.ts';
import { ended } from '../../kinds/steering.ts';
import type { RangesRound } from '../ranges-round.ts';

/** A job ends before its offsets moved, and the next one goes on with its plan; or two come at once. */
export const SEVERAL: readonly FaultKind<RangesRound, RangesWatchedStep>[] = [
  {
    name: 'several.cancelled',
    async strike(round) {
      await round.handle.cancel();
      const status = await ended(round);
      if (status !== 'CANCELLED') return `cancelled too late: ${status}`;
      await round.start();
      return 'cancelled, and the next job started when it had ended';
    },
  },
  {
    name: 'several.terminated',
    async strike(round) {
      await round.handle.terminate('the fault machine');
      const status = await ended(round);
      if (status !== 'TERMINATED') return `terminated too late: ${status}`;
      await round.start();
      return 'terminated while its workers went on, and the next job started at once';
    },
  },
  {
    name: 'several.terminated-asleep',
    async strike(round, draws) {
      const frozen = round.workers.filter((worker) => worker.running);
      for (const worker of frozen) worker.signal('SIGSTOP');
      const wake = (): void => {
        for (const worker of frozen) worker.signal('SIGCONT');
      };
      await round.handle.terminate('the fault machine').catch((error: unknown) => {
        wake();
        throw error;
      });
      const status = await ended(round);
      const asleep = draws.between([500, 8_000]);
      if (status === 'TERMINATED') {
        await round.startWorker();
        await round.start();
      }
      round.later(sleep(status === 'TERMINATED' ? asleep : 0).then(wake));
      return status === 'TERMINATED'
        ? `terminated while its workers slept for ${asleep} ms, and the next job went on`
        : `terminated too late: ${status}`;
    },
  },
  {
    name: 'several.at-once',
    async strike(round) {
      const second = await round.ranges.start(round.input);
      try {
        await second.result();
      } catch (error) {
        if (!(error instanceof WorkflowFailedError)) throw error;
        const reason = reasonOf(error);
        if (!reason.includes('staging-in-use') && !reason.includes('runs for the same groups'))
          throw new Error(`a second job was expected to be refused, and ended so: ${reason}`, { cause: error });
        return 'a second job for the same groups and topics was refused';
      }
      const status = await ended(round);
      if (status !== 'COMPLETED') throw new Error(`a second job went through beside the first, which is ${status}`);
      return 'a second job came when the first had ended, and found nothing';
    },
    steps: ['runRange'],
  },
];
