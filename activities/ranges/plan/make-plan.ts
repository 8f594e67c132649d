import type { TopicOverview } from '../../../connections/kafka/admin/admin-port.ts';
import { ConnectionError } from '../../../connections/connection-error.ts';
import { pinnedSchemas } from '../../log/schemas/pinned-schemas.ts';
import type { Dependencies } from '../../dependencies.ts';
import { cutRanges } from '../../log/cut-ranges.ts';
import { endsOfKnownEpochs } from '../../log/epoch-ends.ts';
import { partitionName } from '../../log/partition-name.ts';
import { selectTopics } from '../../log/select-topics.ts';
import { liveTopics, type LivePartition } from '../../log/topic-facts.ts';
import { replayTopicsOf } from '../../replay/publish/replay-topics.ts';
import type { StepContext } from '../../step/run-step.ts';
import { isAvro } from '../job/parse-ranges-input.ts';
import type { RangesJob } from '../job/ranges-job.ts';
import { groupOffsets, type GroupOffsets } from './group-offsets.ts';
import { inTurns } from './in-turns.ts';
import { rangeId, rangeOwner } from './range-id.ts';
import type { PlannedPartition, PlannedRange, RangesPlan } from './range-plan-file.ts';
import { sinceOffsets, spanOfGroup } from './span-of-group.ts';

const MIB = 1024 * 1024;

/** Where nothing tells how large records are, as an archive has it. */
const UNKNOWN_RECORD_BYTES = 1024;

const MOST_REMARKS = 20;

/** Ranges of a job, each of which is a line that every worker knows, and a file. */
const MOST_RANGES = 100_000;

export interface MadePlan {
  plan: RangesPlan;
  /** What keeps the job from reading all that it is asked for; each says what to do. */
  problems: string[];
}

/**
 * Plans a job: everything that it depends on, as values.
 *
 * @param all - whether what the groups have consumed is planned too
 * @throws ConnectionError 'unavailable' where a partition has no leader now
 */
export async function makePlan(
  deps: Dependencies,
  job: RangesJob,
  all: boolean,
  { progress, signal }: StepContext,
): Promise<MadePlan> {
  const kafka = deps.kafka(job.connections.kafka);
  const overviews = await kafka.listTopics();
  const replays = await replayTopicsOf(kafka, overviews);
  const partitions: PlannedPartition[] = [];
  const cut: PlannedRange[][] = [];
  const problems: string[] = [];
  const remarks: string[] = [];
  const readers = new Map<string, string>();
  const decoded = new Set<string>();
  let rangesCut = 0;
  for (const [number, input] of job.inputs.entries()) {
    const taken = topicsOf(input, overviews, replays);
    if (taken.length === 0) problems.push(noTopic(number, input));
    const ids = new Map(taken.map(({ topic, id }) => [topic, id]));
    const live = await liveTopics(kafka, taken, { start: all ? 'earliest' : input.start, startOf: {} }, (done) =>
      progress({ input: number, topics: done }),
    );
    const known = new Map<string, GroupOffsets>();
    for (const { topic } of taken) {
      const before = readers.get(`${topic} ${input.group}`);
      if (before !== undefined)
        problems.push(
          `${topic} is read twice for group ${input.group}: by ${before} and by input ${number}. Exclude it from one of them`,
        );
      readers.set(`${topic} ${input.group}`, `input ${number}`);
      if (!all) known.set(topic, await groupOffsets(deps, job, input.group, topic));
      progress({ input: number, group: topic });
    }
    const ends = await endsOfKnownEpochs(kafka, live, knownEpochs(known));
    for (const problem of live.problems.values())
      if (problem.includes('may not read it')) problems.push(problem);
      else throw new ConnectionError('unavailable', `The job can't be planned now: ${problem}`);
    const since = await sinceOffsets(kafka, live.partitions, job.since);
    const facts = [...live.partitions.values()].toSorted((a, b) =>
      a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
    );
    for (const of of facts) {
      if (rangesCut > MOST_RANGES) break;
      const topicId = ids.get(of.topic);
      const name = partitionName(of.topic, of.partition);
      const knownEnd = ends.get(name);
      const span = spanOfGroup({ ...of, knownEnd }, known.get(of.topic), topicId, since.get(name), job);
      remarks.push(...span.remarks);
      if (span.problem !== undefined) problems.push(span.problem);
      const owner = rangeOwner(topicId, input);
      const ranges = rangesOf(of, span, job).map(({ from, to, bytes }) => ({
        kind: 'range' as const,
        id: rangeId({ ...of, from, to }, owner),
        input: number,
        topic: of.topic,
        ...(topicId !== undefined && { topicId }),
        partition: of.partition,
        ...leaderEpochOf(of),
        from: String(from),
        to: String(to),
        bytes,
      }));
      cut.push(ranges);
      rangesCut += ranges.length;
      if (ranges.length > 0 && isAvro(input.decode)) decoded.add(of.topic);
      partitions.push(partitionOf(number, of, topicId, known.get(of.topic), span, ranges));
    }
  }
  if (rangesCut > MOST_RANGES)
    problems.push(
      `there are more than ${MOST_RANGES} ranges to read: raise rangeMiB, set maxRangesPerPartition, or start several jobs`,
    );
  // Asked only where values need it: a worker may have no registry.
  const pinned =
    decoded.size === 0 || job.schema === 'writer'
      ? { schemas: [], problems: new Map<string, string>() }
      : await pinnedSchemas(deps.registry(job.connections.registry), job, [...decoded], signal);
  problems.push(...pinned.problems.values());
  return {
    problems,
    plan: {
      head: {
        kind: 'head',
        version: 1,
        job: job.id,
        plannedAt: Date.now(),
        remarks: remarks.slice(0, MOST_REMARKS),
        moreRemarks: Math.max(0, remarks.length - MOST_REMARKS),
      },
      schemas: pinned.schemas,
      partitions,
      ranges: inTurns(cut),
    },
  };
}

/** By partition, of offsets that earlier jobs have left with the epoch of their log. */
function knownEpochs(known: ReadonlyMap<string, GroupOffsets>): Map<string, number> {
  return new Map(
    [...known].flatMap(([topic, { epochs }]) =>
      [...epochs].map(([partition, epoch]) => [partitionName(topic, partition), epoch] as const),
    ),
  );
}

function leaderEpochOf({ leaderEpoch }: Pick<LivePartition, 'leaderEpoch'>): { leaderEpoch?: number } {
  return leaderEpoch < 0 ? {} : { leaderEpoch };
}

function topicsOf(
  { topic, topics }: RangesJob['inputs'][number],
  overviews: readonly TopicOverview[],
  replays: ReadonlySet<string>,
): TopicOverview[] {
  if (topic !== undefined) return overviews.filter((each) => each.topic === topic);
  return topics === undefined ? [] : selectTopics(overviews, topics, replays).taken;
}

function noTopic(number: number, { topic, topics }: RangesJob['inputs'][number]): string {
  return topic === undefined
    ? `input ${number}: no topic matches ${topics?.include.join(', ')}. Correct topics, or grant DESCRIBE on them`
    : `input ${number}: there is no topic ${topic}. Correct its name, or grant DESCRIBE on it`;
}

function rangesOf(
  { topic, partition, bytesPerOffset = UNKNOWN_RECORD_BYTES }: LivePartition,
  { from, to }: { from: bigint; to: bigint },
  { rangeMiB, maxRangesPerPartition }: RangesJob,
): ReturnType<typeof cutRanges> {
  // One more than a job may have is enough to be told.
  const maxPerPartition = Math.min(maxRangesPerPartition ?? Infinity, MOST_RANGES + 1);
  const limits = { rangeBytes: rangeMiB * MIB, maxPerPartition };
  return cutRanges({ topic, partition, from, to }, bytesPerOffset, limits);
}

function partitionOf(
  input: number,
  { topic, partition, stable, leaderEpoch }: LivePartition,
  topicId: string | undefined,
  known: GroupOffsets | undefined,
  { from, missing }: ReturnType<typeof spanOfGroup>,
  ranges: readonly PlannedRange[],
): PlannedPartition {
  const [kafka, zookeeper] = [known?.kafka.get(partition), known?.zookeeper.get(partition)];
  const [first] = ranges;
  return {
    kind: 'partition',
    input,
    topic,
    ...(topicId !== undefined && { topicId }),
    partition,
    ...leaderEpochOf({ leaderEpoch }),
    ...(kafka !== undefined && { kafka: String(kafka) }),
    ...(zookeeper !== undefined && { zookeeper: String(zookeeper) }),
    from: String(from),
    to: ranges.at(-1)?.to ?? String(from),
    stable: String(stable),
    perRange: first === undefined ? '0' : String(BigInt(first.to) - BigInt(first.from)),
    ranges: ranges.length,
    missing: missing.map((each) => ({ from: String(each.from), to: String(each.to), why: each.why })),
  };
}
