import { Draws, seedOf } from '../../support/camus-archive/draws.ts';
import { leftInStaging } from '../../support/exact-replay.ts';
import type { ReplayHarness } from '../../support/replay-harness.ts';
import type { ArchiveFault } from '../archive/archive-fault.ts';
import type { FaultKind } from '../fault-kind.ts';
import { FaultRound, type FaultSort } from '../fault-round.ts';
import type { FaultStack } from '../fault-stack.ts';
import { PLACES, planStrikes } from '../plan-strikes.ts';
import { replayUnderStrikes } from '../replay-under-strikes.ts';
import { faultOf, lastOutputs } from '../round-end.ts';
import type { RoundReport } from '../round-report.ts';
import { archivedTopics } from './archived-topics.ts';
import { checkRestore } from './check-restore.ts';
import type { ArchivedForm } from './archived-form.ts';
import { connectFiles } from './connect-files.ts';
import { framed } from './framed-values.ts';
import type { RestoreSource } from './restore-source.ts';
import { checkGroups, drawGroups } from './restored-groups.ts';
import { NIFI, WHOLE } from './whole-values.ts';

/**
 * What is restored: archives of whole records, of NiFi's lines, what Kafka Connect has written, or archives of Avro that gets
 * the frame of a registry again.
 */
export const RESTORES = ['record', 'nifi', 'connect', 'framed'] as const;
export type Restored = (typeof RESTORES)[number];

export interface RestoreKinds {
  archive: readonly ArchiveFault[];
  replay: readonly FaultKind[];
}

/**
 * Archives topics under strikes, restores one of them under others, each record into its own partition, and compares it
 * with what was produced; of whole records the groups of the source go on with it.
 */
export async function playRestoreRound(
  servers: FaultStack,
  harness: ReplayHarness,
  of: Restored,
  kinds: RestoreKinds,
  seed: string,
  records: number,
  sort: FaultSort = 'whole',
): Promise<RoundReport> {
  const began = Date.now();
  const draws = new Draws(seedOf(`restore/${of}/${seed}`));
  const report: RoundReport = { seed, strikes: [], seconds: 0, restore: { of, runs: [], records: 0 }, faults: [] };
  try {
    const sources =
      of === 'connect'
        ? [await connectFiles(harness, draws, records)]
        : await archivedTopics(
            { servers, harness, draws },
            kinds.archive.filter(({ registry }) => registry !== true || of === 'framed'),
            formOf(of, servers),
            records,
            report,
          );
    await restore({ servers, harness, draws }, draws.pick(sources), { kinds: kinds.replay, sort }, report);
  } catch (error) {
    report.faults.push(faultOf(error));
    await servers.heal();
  }
  report.seconds = Math.round((Date.now() - began) / 100) / 10;
  return report;
}

function formOf(of: Exclude<Restored, 'connect'>, { stack }: FaultStack): ArchivedForm {
  if (of !== 'framed') return of === 'record' ? WHOLE : NIFI;
  const { registry } = stack.addresses;
  if (registry === undefined) throw new RangeError('rounds of framed values need a stack with a registry');
  return framed(registry);
}

async function restore(
  { servers, harness, draws }: { servers: FaultStack; harness: ReplayHarness; draws: Draws },
  source: RestoreSource,
  { kinds, sort }: { kinds: readonly FaultKind[]; sort: FaultSort },
  report: RoundReport,
): Promise<void> {
  const { topic, expected, old } = source;
  const records = expected.reduce((sum, each) => sum + each.length, 0);
  const groups = old === undefined ? undefined : await drawGroups(harness, draws, old);
  const job = { ...source.job, ...(groups === undefined ? {} : { groups: { file: groups.file } }) };
  const round = new FaultRound(servers, harness, { topic, job, records }, draws.pick([100, 200]), sort);
  try {
    await round.startWorker();
    const planned = planStrikes(draws, kinds, PLACES[sort]);
    const result = await replayUnderStrikes(round, planned, draws, report.strikes);
    report.restore!.records = Number(result.records.published);
    if (result.records.published !== String(records))
      report.faults.push(`the result says ${result.records.published} records were published, expected ${records}`);
    const { replayTopic, offsets } = round.input;
    report.faults.push(
      ...(await checkRestore(harness, source, { replayTopic, group: offsets.group })),
      ...(groups === undefined ? [] : await checkGroups(harness, replayTopic, groups, old!)),
      ...(await leftInStaging(harness, topic, result)),
    );
  } finally {
    await round.close();
    if (report.faults.length > 0) report.faults.push(...lastOutputs(round));
  }
}
