import type { Draws } from '../../support/camus-archive/draws.ts';
import type { ReplayHarness } from '../../support/replay-harness.ts';
import type { ArchiveFault } from '../archive/archive-fault.ts';
import { ArchiveRound } from '../archive/archive-round.ts';
import { endOf } from '../archive/end-of.ts';
import { ARCHIVE_PLACES } from '../archive/registry.ts';
import { NOT_SEEN } from '../fault-kind.ts';
import type { FaultStack } from '../fault-stack.ts';
import { planStrikes } from '../plan-strikes.ts';
import { endWorkers, lastOutputs, overMeanwhile, resultOf } from '../round-end.ts';
import type { RoundReport } from '../round-report.ts';
import type { ArchivedForm } from './archived-form.ts';
import { readWhole } from './read-whole.ts';
import type { RestoreSource } from './restore-source.ts';

/** Produces topics and archives them under the strikes that are drawn; then nothing disturbs one more run. */
export async function archivedTopics(
  { servers, harness, draws }: { servers: FaultStack; harness: ReplayHarness; draws: Draws },
  kinds: readonly ArchiveFault[],
  { values, job, expected, keepsOffsets }: ArchivedForm,
  records: number,
  report: RoundReport,
): Promise<RestoreSource[]> {
  const round = new ArchiveRound(servers, harness, draws, values);
  try {
    await round.source.create();
    await round.source.produce(records);
    // Transactions may all have been aborted: of nothing there is nothing to restore.
    for (const topic of round.source.names) await round.source.produceTo(topic, 20);
    await round.startWorker();
    const planned = planStrikes(draws, kinds, ARCHIVE_PLACES);
    // So slow that there is something to strike.
    await round.start({ rate: { records: draws.pick([100, 200]) } });
    for (const { kind, moment } of planned) {
      const { step } = moment;
      const inTime = await (kind.early === true ? round.watch.isAhead(step) : round.watch.reach(moment));
      const did = inTime ? await kind.strike(round, draws).catch(overMeanwhile) : 'the run was past it';
      report.strikes.push({ kind: kind.name, step, did, late: !inTime || did === NOT_SEEN });
    }
    await round.settled();
    await servers.heal();
    await round.aWorker();
    for (const run of round.runs) report.restore!.runs.push(await endOf(run, report.faults));
    await endWorkers(round);
    await round.startWorker();
    await resultOf((await round.start({ rate: {} })).handle);
    await endWorkers(round);
    const stored = await round.archive.offsets();
    const sources: RestoreSource[] = [];
    for (const topic of round.source.names) {
      const offsets = [...stored.values()].filter((each) => each.topic === topic);
      const whole = await readWhole(harness.stack.kafka, topic);
      const { dest, history } = round.archive;
      sources.push({
        topic,
        job: { ...job, topic, archive: { dest, history, timeZone: 'UTC', ...job.archive } },
        expected: whole.map(expected),
        ...(keepsOffsets ? { old: whole.map((each) => each.map(({ offset }) => offset)) } : {}),
        offsets: Object.fromEntries(offsets.map(({ partition, next }) => [String(partition), next.toString()])),
      });
    }
    return sources;
  } catch (error) {
    report.faults.push(...lastOutputs(round, 'archiving '));
    throw error;
  } finally {
    await round.close();
  }
}
