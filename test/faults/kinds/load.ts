import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind } from '../fault-kind.ts';
import type { FaultRound } from '../fault-round.ts';

/** What a worker may grow by while the broker takes hardly anything: two transactions and the read-ahead. */
const MOST_GROWTH_BYTES = 150 * 1024 * 1024;

function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}

/** Resolves when the worker has ended by itself, or after a while. */
async function endedByItself(round: FaultRound, pid: number, atMostMs: number): Promise<boolean> {
  for (const end = Date.now() + atMostMs; Date.now() < end; await sleep(100))
    if (round.workers.every((worker) => worker.pid !== pid || !worker.running)) return true;
  return false;
}

export const LOAD: readonly FaultKind[] = [
  {
    name: 'load.slow-broker',
    steps: ['mergePublish'],
    async strike(round, draws) {
      const worker = await round.aWorker();
      const before = residentBytes(worker.pid);
      round.servers.network.kafka.suffer({ bytesPerSecond: 20_000 });
      let most = before;
      for (const end = Date.now() + 3_000 + draws.below(4_000); Date.now() < end && worker.running; await sleep(100))
        most = Math.max(most, residentBytes(worker.pid));
      round.servers.network.kafka.heal();
      if (most - before > MOST_GROWTH_BYTES)
        throw new Error(`the worker grew by ${most - before} bytes while the broker was slow`);
      return `20 KB/s to the broker; the worker grew by ${Math.round((most - before) / 1024 / 1024)} MiB`;
    },
  },
  {
    name: 'load.small-heap',
    async strike(round) {
      const small = await round.startWorker({ REWIND_MEMORY_MIB: '128', REWIND_THREADS: '1' }, [
        '--max-old-space-size=96',
      ]);
      for (const worker of round.workers) if (worker !== small) await worker.end('SIGTERM');
      return 'the only worker has a heap of 96 MiB';
    },
  },
  {
    name: 'load.out-of-memory',
    async strike(round) {
      // Too small even to begin: the process aborts somewhere in its start or in its first step.
      const dying = await round.startWorker({}, ['--max-old-space-size=40']).catch(() => undefined);
      const ended = dying === undefined || (await endedByItself(round, dying.pid, 5_000));
      await round.aWorker();
      return ended ? 'a worker ran out of memory and died' : 'a worker with a heap of 40 MiB joined';
    },
  },
];
