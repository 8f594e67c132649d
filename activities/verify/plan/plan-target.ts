import type { AdminPort } from '../../../connections/kafka/admin/admin-port.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import type { Dependencies } from '../../dependencies.ts';
import { tellsOffsets } from '../../replay/job/own-offsets.ts';
import type { Comparison } from '../content/comparison.ts';
import type { Target } from '../job/verify-input.ts';
import { topicOf, type VerifyJob } from '../job/verify-job.ts';
import type { TargetPlan } from '../verify-plan.ts';
import { lostRuns, type ArchivedRuns } from './archive-holes.ts';
import { rangeOffsetsFor } from './ranges-of.ts';

/** What the listing has found of the archive. */
export interface ListedArchive {
  format: string;
  pins: PinnedOffsets | undefined;
  /** One past the last offset that names tell, by partition. */
  ends: ReadonlyMap<number, bigint>;
  /** Whether every name tells its partition. */
  partitioned: boolean;
  /** Schema of the newest Avro file. */
  newestSchema: string | undefined;
  archived: ArchivedRuns;
}

/** Pins what of a topic is compared with the archive, and how. */
export async function planTarget(
  deps: Dependencies,
  job: VerifyJob,
  target: Target,
  listed: ListedArchive,
  schema: string | undefined,
  signal: AbortSignal,
): Promise<TargetPlan> {
  const topic = topicOf(job.replay, target);
  const spans = await spansOf(deps.kafka(job.connections.kafka), topic);
  const comparison = comparisonOf(job, target, listed);
  const { frame } = job.replay.output;
  const newest = comparison.framed ? listed.newestSchema : undefined;
  const plan: TargetPlan = {
    target,
    topic,
    topicId: spans.id,
    comparison,
    own: tellsOffsets(job.replay),
    // Of the ids that a replay puts in front of each file's own schema the source topic is read without.
    schema: (frame === 'writer' && target === 'source' ? undefined : schema) ?? newest,
    compacted: target === 'source' && spans.compacted,
    partitions: [],
    rangeOffsets: 1,
    trimmed: [],
    lost: [],
  };
  for (const { partition, earliest, stable } of spans.partitions) {
    const end = endOf(target, listed, partition) ?? stable;
    if (target === 'replay' && earliest > 0n)
      plan.trimmed.push({
        partition,
        from: '0',
        to: String(earliest),
        message: `${topic}-${partition}: the log begins at ${earliest}: what the replay wrote before was deleted`,
      });
    if (end > stable)
      plan.trimmed.push({
        partition,
        from: String(stable),
        to: String(end),
        message: `${topic}-${partition}: the archive goes up to offset ${end}, and the log ends at ${stable}: it was made anew, or has lost its end`,
      });
    if (target === 'source' && earliest > end)
      plan.trimmed.push({
        partition,
        from: String(end),
        to: String(earliest),
        message: `${topic}-${partition}: offsets ${end} to ${earliest - 1n} are neither in the archive, which goes up to ${end}, nor in the log, which begins at ${earliest}`,
      });
    const to = end < stable ? end : stable;
    const from = earliest < to ? earliest : to;
    plan.partitions.push({ partition, from: String(from), to: String(to) });
  }
  plan.rangeOffsets = rangeOffsetsFor(plan.partitions);
  const known = new Set(spans.partitions.map(({ partition }) => partition));
  if (target === 'source')
    for (const [partition, end] of listed.ends)
      if (!known.has(partition))
        plan.trimmed.push({
          partition,
          from: '0',
          to: String(end),
          message: `${topic} has no partition ${partition}, of which the archive has records up to offset ${end}`,
        });
  // Told once: of the topic that they came from, or, without that, of the replay.
  const earliest = target === 'source' ? spans.partitions.map((each) => [each.partition, each.earliest] as const) : [];
  if (target === 'source' || !job.targets.includes('source'))
    plan.lost = await lostRuns(listed.archived, new Map(earliest), signal);
  return plan;
}

/** Up to where the archive goes: what came into the topic later is not missing. */
function endOf(target: Target, { pins, ends }: ListedArchive, partition: number): bigint | undefined {
  if (target === 'replay') return undefined;
  const pinned = pins?.next[String(partition)];
  return pinned === undefined ? ends.get(partition) : BigInt(pinned);
}

async function spansOf(
  kafka: AdminPort,
  topic: string,
): Promise<{
  id: string | undefined;
  compacted: boolean;
  partitions: { partition: number; earliest: bigint; stable: bigint }[];
}> {
  const described = await kafka.describeTopic(topic);
  const partitions = described?.partitions ?? [];
  const stable = new Map(
    (await kafka.listOffsets([{ topic, partitions: partitions.map(({ partition }) => partition) }], 'stable')).map(
      ({ partition, offset }) => [partition, offset],
    ),
  );
  return {
    id: described?.id,
    compacted: described?.settings['cleanup.policy']?.value.includes('compact') === true,
    partitions: partitions.map(({ partition, earliest, latest }) => ({
      partition,
      earliest,
      stable: stable.get(partition) ?? latest,
    })),
  };
}

function comparisonOf({ replay, settings, connections }: VerifyJob, target: Target, listed: ListedArchive): Comparison {
  const own = tellsOffsets(replay);
  if (target === 'replay') {
    const { timestamps, partitions } = replay.output;
    const timed = timestamps === 'record' && (replay.order === 'time' || replay.archive.format === 'record');
    const same = partitions !== 'source' || own || listed.partitioned;
    return { content: 'published', framed: false, partitioned: same, bucketed: timed, ordered: false };
  }
  const none: Comparison = {
    content: 'none',
    framed: false,
    partitioned: listed.partitioned,
    bucketed: false,
    ordered: false,
  };
  if (settings.value === 'none') return { ...none, partitioned: own || listed.partitioned };
  if (listed.format === 'record')
    return { content: 'whole', framed: false, partitioned: true, bucketed: true, ordered: false };
  if (listed.format === 'nifi')
    return { content: 'pair', framed: false, partitioned: true, bucketed: false, ordered: false };
  const framed = settings.value === 'registry' || (settings.value === 'auto' && connections.registry !== undefined);
  const ordered = listed.partitioned;
  if (listed.format === 'avro' && framed)
    return { content: 'value', framed: true, partitioned: listed.partitioned, bucketed: true, ordered };
  if (['text', 'sequence-file'].includes(listed.format) && !framed)
    return { content: 'value', framed: false, partitioned: listed.partitioned, bucketed: true, ordered };
  return none;
}
