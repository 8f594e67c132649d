import { setTimeout as sleep } from 'node:timers/promises';
import type { AttackedRun } from '../attacked-run.ts';
import type { FaultKind } from '../fault-kind.ts';

/** Strikes that know nothing of the job but that it runs. */
type Strike = FaultKind<AttackedRun, never>;

const SERVERS = ['temporal', 'kafka', 'namenode', 'datanode', 'zookeeper'] as const;

/** Longer than the heartbeat time-out, and than every request's. */
const ZOMBIE_MS = [4_000, 9_000] as const;
const PAUSE_MS = [500, 8_000] as const;

const worker: Strike[] = [
  {
    name: 'processes.worker-sigkill',
    async strike(round) {
      await (await round.aWorker()).end('SIGKILL');
      await round.startWorker();
      return 'a worker was killed, and another one started';
    },
  },
  {
    name: 'processes.worker-killed-alone',
    async strike(round, draws) {
      const down = draws.between([200, 4_000]);
      await (await round.aWorker()).end('SIGKILL');
      await sleep(down);
      await round.aWorker();
      return `no worker for ${down} ms`;
    },
  },
  {
    name: 'processes.worker-zombie',
    async strike(round, draws) {
      const frozen = await round.aWorker();
      const asleep = draws.between(ZOMBIE_MS);
      frozen.signal('SIGSTOP');
      await round.startWorker();
      round.later(sleep(asleep).then(() => frozen.signal('SIGCONT')));
      return `a worker was frozen for ${asleep} ms while another one went on, and woke`;
    },
  },
  {
    name: 'processes.worker-pause',
    async strike(round, draws) {
      const frozen = await round.aWorker();
      const asleep = draws.between(PAUSE_MS);
      frozen.signal('SIGSTOP');
      await sleep(asleep);
      frozen.signal('SIGCONT');
      return `the worker was frozen for ${asleep} ms, and nobody took over but itself`;
    },
  },
  {
    name: 'processes.worker-sigterm',
    async strike(round) {
      const leaving = await round.aWorker();
      await round.startWorker();
      await leaving.end('SIGTERM');
      return 'a worker was shut down gently while another one was there';
    },
  },
  {
    name: 'processes.workers-share',
    async strike(round) {
      await Promise.all([round.startWorker(), round.startWorker()]);
      const [first] = round.workers.filter((each) => each.running);
      await first?.end('SIGKILL');
      return 'two workers joined, and the first one was killed';
    },
  },
];

const restarts: Strike[] = SERVERS.flatMap((name): Strike[] => [
  {
    name: `processes.${name}-restart`,
    async strike({ servers }, draws) {
      const server = servers.stack.server(name);
      const signal = draws.pick(['SIGKILL', 'SIGKILL', 'SIGTERM'] as const);
      await server.stop(signal);
      await sleep(draws.between([0, 2_000]));
      await server.start();
      return `${name} was ended by ${signal} and started again`;
    },
  },
  {
    name: `processes.${name}-freeze`,
    async strike({ servers }, draws) {
      const server = servers.stack.server(name);
      const asleep = draws.between(PAUSE_MS);
      server.pause();
      await sleep(asleep);
      server.resume();
      await server.untilItAnswers();
      return `${name} was frozen for ${asleep} ms`;
    },
  },
]);

const several: Strike = {
  name: 'processes.several-restart',
  async strike(round, draws) {
    const count = 2 + draws.below(3);
    const names = [...SERVERS].sort(() => draws.next() - 0.5).slice(0, count);
    const killWorker = draws.below(2) === 0;
    if (killWorker) await (await round.aWorker()).end('SIGKILL');
    await Promise.all(
      names.map(async (name) => {
        const server = round.servers.stack.server(name);
        await server.stop('SIGKILL');
        await server.start();
      }),
    );
    await round.aWorker();
    return `${names.join(', ')}${killWorker ? ' and a worker' : ''} were killed at once, and started again`;
  },
};

export const PROCESSES: readonly Strike[] = [...worker, ...restarts, several];
