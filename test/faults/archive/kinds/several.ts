import { setTimeout as sleep } from 'node:timers/promises';
import { ended } from '../../kinds/steering.ts';
import type { ArchiveFault } from '../archive-fault.ts';

export const SEVERAL: readonly ArchiveFault[] = [
  {
    name: 'several.cancelled',
    async strike(round, draws) {
      round.run.mayFail = 'it was cancelled';
      await round.handle.cancel();
      const waits = draws.below(2) === 0;
      if (waits) await ended(round);
      const next = await round.start();
      if (!waits) next.mayFail = 'the cancelled one had not ended yet';
      return `cancelled, and another run started ${waits ? 'when it had ended' : 'at once'}`;
    },
  },
  {
    name: 'several.terminated',
    async strike(round) {
      round.run.mayFail = 'it was terminated';
      await round.handle.terminate('the fault machine');
      await ended(round);
      await round.start();
      return 'terminated while its workers went on, and another run started at once';
    },
  },
  {
    name: 'several.terminated-asleep',
    async strike(round, draws) {
      const frozen = round.workers.filter((worker) => worker.running);
      for (const worker of frozen) worker.signal('SIGSTOP');
      round.run.mayFail = 'it was terminated';
      await round.handle.terminate('the fault machine');
      await round.startWorker();
      await round.start();
      const asleep = draws.between([500, 8_000]);
      round.later(
        sleep(asleep).then(() => {
          for (const worker of frozen) worker.signal('SIGCONT');
        }),
      );
      return `terminated while its workers slept for ${asleep} ms, and another run went on`;
    },
  },
  {
    name: 'several.at-once',
    async strike(round) {
      const first = round.run;
      const second = await round.start();
      second.mayFail = 'another one was running';
      // Whichever of them holds the claim: strikes go on at the first.
      round.aimAt(first);
      return 'a second run was started beside the first';
    },
  },
];
