import { attemptsOf } from '../support/attempts.ts';
import { Draws, seedOf } from '../support/camus-archive/draws.ts';
import { checkExactReplay, leftInStaging } from '../support/exact-replay.ts';
import type { ReplayHarness } from '../support/replay-harness.ts';
import type { TestArchive } from '../support/test-archive.ts';
import type { FaultKind } from './fault-kind.ts';
import { DECODE_CONCURRENCY, FaultRound, type FaultSort } from './fault-round.ts';
import type { FaultStack } from './fault-stack.ts';
import { PLACES, planStrikes } from './plan-strikes.ts';
import { replayUnderStrikes } from './replay-under-strikes.ts';
import { faultOf, lastOutputs } from './round-end.ts';
import type { RoundReport } from './round-report.ts';

/** Replays an archive under the strikes that the seed draws, and checks all that it leaves. */
export async function playRound(
  servers: FaultStack,
  harness: ReplayHarness,
  files: TestArchive,
  kinds: readonly FaultKind[],
  seed: string,
  sort: FaultSort = 'whole',
): Promise<RoundReport> {
  const began = Date.now();
  const draws = new Draws(seedOf(seed));
  const { topic, job, archive } = files;
  const replayed = { topic, job, records: archive.truth().total };
  const round = new FaultRound(servers, harness, replayed, draws.pick([0, 1_000, 2_000]), sort);
  const report: RoundReport = { seed, strikes: [], seconds: 0, aborted: 0, splitsDecodedAgain: 0, faults: [] };
  const planned = planStrikes(draws, kinds, PLACES[sort]);
  try {
    for (let workers = 1 + draws.below(2); workers > 0; workers -= 1) await round.startWorker();
    const result = await replayUnderStrikes(round, planned, draws, report.strikes);
    const { faults, verification } = await checkExactReplay(harness, files, round.input, result);
    report.faults.push(
      ...faults,
      ...(await openTransactions(round)),
      ...(await leftInStaging(harness, files.topic, result)),
    );
    report.staged = result.sorting?.staged ?? 0;
    if (sort === 'auto' && report.staged === 0 && report.strikes.every(keepsState))
      report.faults.push('no window went through staging');
    report.aborted = result.partitions.reduce((sum, { aborted }) => sum + Number(aborted), 0);
    if (verification.consumed !== round.records) report.faults.push(`${verification.consumed} records were consumed`);
    const { splitsDecodedAgain } = await attemptsOf(round.handle);
    report.splitsDecodedAgain = splitsDecodedAgain;
    if (splitsDecodedAgain > planned.length * DECODE_CONCURRENCY)
      report.faults.push(`${splitsDecodedAgain} splits were decoded again: more than were in hand`);
  } catch (error) {
    report.faults.push(faultOf(error), ...lastOutputs(round));
    await servers.heal();
  } finally {
    await round.close();
  }
  report.seconds = Math.round((Date.now() - began) / 100) / 10;
  return report;
}

/** Whether a strike leaves the job in one run, which counts the windows that it staged, on workers with as little memory. */
function keepsState({ kind }: RoundReport['strikes'][number]): boolean {
  return kind.startsWith('processes.') || kind.startsWith('network.');
}

/** Readers of committed records come to the end of the log, or a transaction is open. */
async function openTransactions({ harness, input }: FaultRound): Promise<string[]> {
  const partitions = await harness.admin((admin) => admin.fetchTopicOffsets(input.replayTopic));
  return partitions
    .filter(({ offset, high }) => offset !== high)
    .map(({ partition, offset, high }) => `partition ${partition} has an open transaction from ${high} to ${offset}`);
}
