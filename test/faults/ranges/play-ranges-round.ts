import type { RangesResult } from '../../../workflows/ranges/ranges-result.ts';
import { Draws, seedOf } from '../../support/camus-archive/draws.ts';
import type { ReplayHarness } from '../../support/replay-harness.ts';
import { NOT_SEEN } from '../fault-kind.ts';
import type { FaultStack } from '../fault-stack.ts';
import { planStrikes, type StrikePlaces } from '../plan-strikes.ts';
import { endWorkers, faultOf, lastOutputs, overMeanwhile, resultOf } from '../round-end.ts';
import type { RoundReport } from '../round-report.ts';
import type { RangesWatchedStep } from '../../support/ranges-watch.ts';
import { calledAgain, checkRanges } from './check-ranges.ts';
import { RangesRound } from './ranges-round.ts';
import { RANGES_PLACES, type RangesFault } from './registry.ts';

/**
 * Runs functions over topics under the strikes that the seed draws, and checks all that they leave; the next job finds
 * nothing to do. Until the step that moves offsets none has moved. Half of the groups have consumed something before.
 */
export async function playRangesRound(
  servers: FaultStack,
  harness: ReplayHarness,
  kinds: readonly RangesFault[],
  seed: string,
  records: number,
  places: StrikePlaces<RangesWatchedStep> = RANGES_PLACES,
): Promise<RoundReport> {
  const began = Date.now();
  const draws = new Draws(seedOf(`ranges/${seed}`));
  const round = new RangesRound(servers, harness, draws);
  const report: RoundReport = {
    seed,
    strikes: [],
    seconds: 0,
    ranges: { ranges: 0, records: 0, again: 0 },
    faults: [],
  };
  try {
    const before = draws.below(2) === 0 ? Math.ceil(records / 10) : 0;
    await round.produce(Math.max(before, 1), 0);
    for (let workers = 1 + draws.below(2); workers > 0; workers -= 1) await round.startWorker();
    if (before > 0) {
      await round.start();
      await resultOf(round.handle);
    }
    await round.produce(records - Math.max(before, 1), Math.max(before, 1));
    const produced = { before, all: records };
    const offsets = JSON.stringify(await round.offsets());
    const planned = planStrikes(draws, kinds, places);
    await round.start();
    for (const { kind, moment } of planned) {
      const inTime = await round.watch.reach(moment);
      if (inTime && moment.step !== 'moveOffsets' && moment.step !== 'cleanRanges') {
        const now = JSON.stringify(await round.offsets());
        // It may have come to the moves since.
        if ((await round.watch.isAhead(moment.step)) && now !== offsets)
          report.faults.push(`offsets moved before ${moment.step} was over: from ${offsets} to ${now}`);
      }
      const did = inTime ? await kind.strike(round, draws).catch(overMeanwhile) : 'the job was past it';
      report.strikes.push({ kind: kind.name, step: moment.step, did, late: !inTime || did === NOT_SEEN });
    }
    await round.settled();
    await servers.heal();
    await round.aWorker();
    const result = (await resultOf(round.handle)) as RangesResult;
    report.ranges = { ranges: result.ranges, records: Number(result.records), again: calledAgain(round) };
    await endWorkers(round);
    report.faults.push(...(await checkRanges(round, result, produced)));
    await round.startWorker();
    await round.start();
    const quiet = (await resultOf(round.handle)) as RangesResult;
    if (quiet.ranges > 0) report.faults.push(`the next job found ${quiet.records} records more`);
  } catch (error) {
    report.faults.push(faultOf(error));
    await servers.heal();
  } finally {
    await round.close();
  }
  if (report.faults.length > 0) report.faults.push(...lastOutputs(round));
  report.seconds = Math.round((Date.now() - began) / 100) / 10;
  return report;
}
