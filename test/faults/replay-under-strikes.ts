import type { ReplayResult } from '../../workflows/replay/replay-result.ts';
import type { Draws } from '../support/camus-archive/draws.ts';
import type { PlannedStrike } from './fault-kind.ts';
import type { FaultRound } from './fault-round.ts';
import { endWorkers, overMeanwhile, resultOf } from './round-end.ts';
import type { RoundReport } from './round-report.ts';

/**
 * Starts a replay, lays hands on it as planned, lets it come to its end once all servers are well again, and ends its
 * workers.
 *
 * @param strikes - gets what struck, as it does
 */
export async function replayUnderStrikes(
  round: FaultRound,
  planned: readonly PlannedStrike[],
  draws: Draws,
  strikes: RoundReport['strikes'],
): Promise<ReplayResult> {
  await round.start();
  for (const { kind, moment } of planned) {
    const late = !(await round.watch.reach(moment));
    const did = late ? 'the job was past it' : await kind.strike(round, draws).catch(overMeanwhile);
    strikes.push({ kind: kind.name, step: moment.step, did, late });
  }
  await round.settled();
  await round.servers.heal();
  await round.aWorker();
  const result = (await resultOf(round.handle)) as ReplayResult;
  await endWorkers(round);
  return result;
}
