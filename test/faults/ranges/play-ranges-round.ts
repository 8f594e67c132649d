import { WorkflowFailedError } from '@temporalio/client';
import type { RangesResult } from '../../../workflows/ranges/ranges-result.ts';
import { Draws, seedOf } from '../../support/camus-archive/draws.ts';
import { reasonOf, type ReplayHarness } from '../../support/replay-harness.ts';
import { NOT_SEEN } from '../fault-kind.ts';
import type { FaultStack } from '../fault-stack.ts';
import { planStrikes } from '../plan-strikes.ts';
import { endWorkers, overMeanwhile, resultOf } from '../round-end.ts';
import type { RoundReport } from '../round-report.ts';
import { checkRanges } from './check-ranges.ts';
import { RangesRound } from './ranges-round.ts';
import { RANGES_PLACES, type RangesFault } from './registry.ts';

/**
 * Runs functions over topics under the strikes that the seed draws, and checks all that they leave; the next job finds
 * nothing to do.
 */
export async function playRangesRound(
  servers: FaultStack,
  harness: ReplayHarness,
  kinds: readonly RangesFault[],
  seed: string,
  records: number,
): Promise<RoundReport> {
  const began = Date.now();
  const draws = new Draws(seedOf(`ranges/${seed}`));
  const round = new RangesRound(servers, harness, draws);
  const report: RoundReport = { seed, strikes: [], seconds: 0, ranges: { ranges: 0, records: 0 }, faults: [] };
  try {
    await round.produce(records);
    for (let workers = 1 + draws.below(2); workers > 0; workers -= 1) await round.startWorker();
    const planned = planStrikes(draws, kinds, RANGES_PLACES);
    await round.start();
    for (const { kind, moment } of planned) {
      const inTime = await round.watch.reach(moment);
      const did = inTime ? await kind.strike(round, draws).catch(overMeanwhile) : 'the job was past it';
      report.strikes.push({ kind: kind.name, step: moment.step, did, late: !inTime || did === NOT_SEEN });
    }
    await round.settled();
    await servers.heal();
    await round.aWorker();
    const result = (await resultOf(round.handle)) as RangesResult;
    report.ranges = { ranges: result.ranges, records: Number(result.records) };
    await endWorkers(round);
    report.faults.push(...(await checkRanges(round, result, records)));
    await round.startWorker();
    await round.start();
    const quiet = (await resultOf(round.handle)) as RangesResult;
    if (quiet.ranges > 0) report.faults.push(`the next job found ${quiet.records} records more`);
  } catch (error) {
    report.faults.push(
      error instanceof WorkflowFailedError ? reasonOf(error) : String((error as Error).stack ?? error),
    );
    await servers.heal();
  } finally {
    await round.close();
  }
  if (report.faults.length > 0)
    for (const [index, { output }] of round.workers.entries())
      report.faults.push(`the end of worker ${index + 1}'s output:\n${output.slice(-6_000)}`);
  report.seconds = Math.round((Date.now() - began) / 100) / 10;
  return report;
}
