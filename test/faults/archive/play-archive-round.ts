import type { ArchiveResult } from '../../../workflows/archive/archive-result.ts';
import { Draws, seedOf } from '../../support/camus-archive/draws.ts';
import type { ReplayHarness } from '../../support/replay-harness.ts';
import { NOT_SEEN } from '../fault-kind.ts';
import type { FaultStack } from '../fault-stack.ts';
import { planStrikes } from '../plan-strikes.ts';
import { endWorkers, faultOf, lastOutputs, overMeanwhile, resultOf } from '../round-end.ts';
import type { RoundReport } from '../round-report.ts';
import type { ArchiveFault } from './archive-fault.ts';
import { ArchiveRound } from './archive-round.ts';
import { checkArchive } from './check-archive.ts';
import { checkJava } from './check-java.ts';
import { checkReplay } from './check-replay.ts';
import { endOf } from './end-of.ts';
import { ARCHIVE_PLACES } from './registry.ts';
import { JSON_VALUES, RegistryValues } from './round-values.ts';

/**
 * Archives topics under the strikes that the seed draws, lets one more run go on undisturbed, and checks all that they
 * leave: each committed record once, or its offset told to be lost.
 */
export async function playArchiveRound(
  servers: FaultStack,
  harness: ReplayHarness,
  kinds: readonly ArchiveFault[],
  seed: string,
  records: number,
): Promise<RoundReport> {
  const began = Date.now();
  const draws = new Draws(seedOf(`archive/${seed}`));
  const registry = servers.stack.addresses.registry;
  const framed = draws.below(3) === 0 || kinds.every((kind) => kind.registry === true);
  const values = registry !== undefined && framed ? new RegistryValues(registry) : JSON_VALUES;
  const usable = kinds.filter((kind) => kind.registry !== true || values !== JSON_VALUES);
  const round = new ArchiveRound(servers, harness, draws, values);
  const told = { runs: [] as string[], records: 0, files: 0, lost: 0, executions: 0 };
  const report: RoundReport = { seed, strikes: [], seconds: 0, archive: told, faults: [] };
  try {
    await round.source.create();
    await round.source.produce(records);
    for (let workers = 1 + draws.below(2); workers > 0; workers -= 1) await round.startWorker();
    if (draws.below(3) === 0) {
      // Of an archive that is there already: names of executions and files stand beside it.
      await resultOf((await round.start({ rate: {} })).handle);
      await round.source.produce(records);
    }
    const planned = planStrikes(draws, usable, ARCHIVE_PLACES);
    await round.start();
    for (const { kind, moment } of planned) {
      const { step } = moment;
      const inTime = await (kind.early === true ? round.watch.isAhead(step) : round.watch.reach(moment));
      const did = inTime ? await kind.strike(round, draws).catch(overMeanwhile) : 'the run was past it';
      report.strikes.push({ kind: kind.name, step, did, late: !inTime || did === NOT_SEEN });
    }
    await round.settled();
    await servers.heal();
    await round.aWorker();
    // Of a registry no run and no topic is to notice more than that it takes longer.
    const waits = planned.every(({ kind }) => kind.registry === true);
    for (const run of round.runs) told.runs.push(await endOf(run, report.faults, waits));
    await endWorkers(round);
    await finish(round, report, records);
  } catch (error) {
    report.faults.push(faultOf(error));
    await servers.heal();
  } finally {
    await round.close();
    await round.source.delete().catch(() => undefined);
  }
  if (report.faults.length > 0) report.faults.push(...lastOutputs(round));
  report.seconds = Math.round((Date.now() - began) / 100) / 10;
  return report;
}

/** What nobody disturbs: a run that makes up for all that is left, one that finds nothing, and the look at everything. */
async function finish(round: ArchiveRound, report: RoundReport, records: number): Promise<void> {
  const { harness, archive, source } = round;
  await source.produce(Math.ceil(records / 10));
  await source.captureAll();
  await round.startWorker();
  const last = (await resultOf((await round.start({ rate: {} })).handle)) as ArchiveResult;
  if (last.problems.length > 0) report.faults.push(`the last run has problems: ${JSON.stringify(last.problems)}`);
  const quiet = (await resultOf((await round.start({ rate: {} })).handle)) as ArchiveResult;
  if (quiet.execution !== undefined)
    report.faults.push(`a run with nothing new recorded ${quiet.execution}: ${quiet.records} records`);
  const { faults, ...counts } = await checkArchive(harness, archive, source);
  Object.assign(report.archive!, counts);
  report.faults.push(...faults);
  const java = await checkJava(harness, archive, new Set(source.truth.map((each) => each.topic)));
  report.archive!.readByJava = java.readByJava;
  report.faults.push(...java.faults);
  // What had several lives, or lost its end, is no one sequence.
  const whole = source.names.filter((name) =>
    source.truth.filter((each) => each.topic === name).every(({ life, cut }) => life === 0 && !cut),
  );
  const replays = await Promise.all(whole.map((topic) => checkReplay(harness, archive, source, topic, round.values)));
  report.archive!.replayed = replays.reduce((sum, { replayed }) => sum + replayed, 0);
  report.faults.push(...replays.flatMap((replay) => replay.faults));
}
