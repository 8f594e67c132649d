import { setTimeout as sleep } from 'node:timers/promises';
import type { Draws } from '../../support/camus-archive/draws.ts';
import type { FaultKind } from '../fault-kind.ts';
import type { FaultRound } from '../fault-round.ts';
import { asOlderRelease } from '../older-staging.ts';

/** Of a worker that would list, merge and publish otherwise, had it begun the job. */
function otherSettings(draws: Draws): Record<string, string> {
  return {
    REWIND_MERGE_FAN_IN: draws.pick(['3', '4', '6', '64']),
    REWIND_MEMORY_MIB: draws.pick(['64', '128', '512']),
    REWIND_SPLIT_MIB: draws.pick(['0.01', '0.2', '48']),
    REWIND_DECODE_CONCURRENCY: draws.pick(['1', '2', '8']),
    REWIND_SLICE_MS: draws.pick(['300', '5000']),
  };
}

/**
 * Ends the job and every worker, does `between`, and has another workflow take the job up by its name on the only worker
 * that is left, which has other settings.
 */
async function takenUpElsewhere(
  round: FaultRound,
  draws: Draws,
  between: (staging: string) => Promise<string> = async () => '',
): Promise<string> {
  const settings = otherSettings(draws);
  const { memo } = await round.handle.describe();
  const [job, staging] = [memo?.['job'], memo?.['staging']] as (string | undefined)[];
  if (job === undefined || staging === undefined) return 'nothing to take up yet';
  await round.handle.terminate('the fault machine');
  for (;;) {
    const { status } = await round.handle.describe();
    if (status.name === 'TERMINATED') break;
    if (status.name !== 'RUNNING') return `terminated too late: ${status.name}`;
    await sleep(50);
  }
  await Promise.all(round.workers.map((worker) => worker.end('SIGKILL')));
  const did = await between(staging);
  await round.startWorker(settings);
  const { workflowId } = await round.harness.start({ ...round.input, takeUp: job });
  await round.goOnIn(workflowId);
  const told = Object.entries(settings).map(([name, value]) => `${name.replace('REWIND_', '')} ${value}`);
  return `terminated${did}, and taken up by a worker with ${told.join(', ')}`;
}

/** Where there is staging that the next steps build on. */
const STEPS = [
  'decodeAndSort',
  'catalogueSorted',
  'mergePass',
  'stageSplit',
  'mergeWindowPass',
  'publishStaged',
  'mergePublish',
  'verifyReplay',
] as const;

export const TAKE_UP: readonly FaultKind[] = [
  {
    name: 'take-up.other-settings',
    steps: STEPS,
    strike: (round, draws) => takenUpElsewhere(round, draws),
  },
  {
    name: 'take-up.older-staging',
    steps: STEPS,
    strike: (round, draws) =>
      takenUpElsewhere(round, draws, async (staging) => {
        const changed = await asOlderRelease(round.harness.store, staging);
        return `, its staging made that of release 0.1.0 (${changed.join(', ')})`;
      }),
  },
];
