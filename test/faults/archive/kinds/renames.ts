import { setTimeout as sleep } from 'node:timers/promises';
import type { ArchiveWatchedStep } from '../../../support/archive-watch.ts';
import type { Draws } from '../../../support/camus-archive/draws.ts';
import type { NetworkFault } from '../../proxy/tcp-proxy.ts';
import { NOT_SEEN } from '../../fault-kind.ts';
import type { ArchiveFault } from '../archive-fault.ts';
import type { ArchiveRound } from '../archive-round.ts';

type Stop = NonNullable<NetworkFault['stop']>;

/** A rename by what it puts in place; where there are several, one of the first few. */
interface Rename {
  name: string;
  step: ArchiveWatchedStep;
  target: string;
  most?: number;
}

const RENAMES: readonly Rename[] = [
  { name: 'claim', step: 'recoverArchive', target: 'claims%2F\\d+\\.json' },
  { name: 'plan', step: 'planArchive', target: 'plan\\.jsonl' },
  { name: 'report', step: 'pullArchive', target: 'reports%2F', most: 4 },
  { name: 'decision', step: 'decideArchive', target: 'decisions%2F[^&]*\\.jsonl' },
  { name: 'file', step: 'placeArchive', target: 'hourly%2F', most: 12 },
  { name: 'execution', step: 'placeArchive', target: 'history%2F' },
  { name: 'recorded', step: 'placeArchive', target: 'decisions%2F[^&]*\\.recorded' },
];

/** Longer than the heartbeat time-out: another worker has the step by then. */
const ASLEEP_MS = [4_000, 8_000] as const;
const GIVE_UP_MS = 60_000;

function stopAt({ target, most = 1 }: Rename, draws: Draws, hows: readonly Stop['how'][]): Stop {
  const request = new RegExp(`^PUT (?=\\S*op=RENAME)\\S*destination=[^& ]*${target}`);
  return { request, count: 1 + draws.below(most), how: draws.pick(hows) };
}

/** Waits until the rename is on its way; false where the run ended before. */
async function reached({ servers, run }: ArchiveRound, stop: Stop): Promise<boolean> {
  const proxy = servers.network.namenode;
  const before = proxy.struck;
  proxy.suffer({ stop });
  let over = false;
  const ended = (): void => {
    over = true;
  };
  run.handle.result().then(ended, ended);
  for (const end = Date.now() + GIVE_UP_MS; proxy.struck === before && !over && Date.now() < end;) await sleep(5);
  if (proxy.struck > before) return true;
  proxy.heal();
  return false;
}

type Strike = (round: ArchiveRound, draws: Draws, rename: Rename) => Promise<string>;

const told = ({ count, how }: Stop): string => `rename ${count}, ${how}`;

const killed: Strike = async (round, draws, rename) => {
  const stop = stopAt(rename, draws, ['lost', 'late', 'unanswered']);
  const down = draws.between([0, 2_000]);
  if (!(await reached(round, stop))) return NOT_SEEN;
  await Promise.all(round.workers.map((worker) => worker.end('SIGKILL')));
  await sleep(down);
  round.servers.network.namenode.heal();
  await round.startWorker();
  return `${told(stop)}: killed there, and another worker came`;
};

const zombie: Strike = async (round, draws, rename) => {
  const stop = stopAt(rename, draws, ['late', 'unanswered']);
  const asleep = draws.between(ASLEEP_MS);
  if (!(await reached(round, stop))) return NOT_SEEN;
  const frozen = round.workers.filter((worker) => worker.running);
  for (const worker of frozen) worker.signal('SIGSTOP');
  await round.startWorker();
  await sleep(asleep);
  round.servers.network.namenode.heal();
  for (const worker of frozen) worker.signal('SIGCONT');
  return `${told(stop)}: asleep there for ${asleep} ms while another worker went on`;
};

const answerLost: Strike = async (round, draws, rename) => {
  const stop = stopAt(rename, draws, ['lost', 'late', 'unanswered']);
  // Also beyond the time-out of an answer: the worker asks what became of it, and goes on.
  const late = stop.how === 'lost' ? 0 : draws.between([500, 7_000]);
  if (!(await reached(round, stop))) return NOT_SEEN;
  await sleep(late);
  round.servers.network.namenode.heal();
  return `${told(stop)}: answered ${late} ms late, or never`;
};

const STRIKES: Readonly<Record<string, Strike>> = { killed, zombie, 'answer-lost': answerLost };

/** A worker dies, sleeps or hears nothing at each of the renames by which a run goes on. */
export const AT_RENAMES: readonly ArchiveFault[] = RENAMES.flatMap((rename) =>
  Object.entries(STRIKES).map(([name, strike]) => ({
    name: `renames.${rename.name}-${name}`,
    early: true,
    steps: [rename.step],
    strike: (round: ArchiveRound, draws: Draws) => strike(round, draws, rename),
  })),
);
