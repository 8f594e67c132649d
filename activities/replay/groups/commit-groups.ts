import type { Dependencies } from '../../dependencies.ts';
import { boundedRemarks } from '../../step/bounded-remarks.ts';
import type { StepContext } from '../../step/run-step.ts';
import { parseStaged } from '../../step/staged-json.ts';
import { StagedParts } from '../../step/staged-parts.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { assertCommittable, commitToKafka } from '../offsets/commit-to-kafka.ts';
import { Staging } from '../staging.ts';
import type { CommittedGroups } from '../steps.ts';
import { pinGroups } from './pin-groups.ts';
import { translatedGroupsShape, type GroupOffsetsByName } from './stored-groups.ts';
import { translateOffsets, type TranslatedGroups } from './translate-offsets.ts';
import { translatedPartShape } from './translated-part.ts';

/** Groups that a result names. */
const LISTED = 50;

/** The job as what commits offsets sees it: they are those of the replay topic. */
export function asReplayed(job: ReplayJob): ReplayJob {
  return { ...job, topic: job.replayTopic.name };
}

/**
 * Commits the offsets of the job's groups for the replay topic, translated from the old ones that were pinned when it
 * began: each group in one transaction, as any commit of Rewind's. What they were translated to is put into staging
 * before the first of them, so that every attempt commits the same.
 */
export async function commitGroups(
  deps: Dependencies,
  job: ReplayJob,
  context: Pick<StepContext, 'signal' | 'progress'>,
): Promise<{ groups: CommittedGroups; remarks: string[] }> {
  const kafka = deps.kafka(job.connections.kafka);
  const { groups, remarks } = await translated(deps, job, context);
  const replayed = asReplayed(job);
  // All of them first: a group in the way is found before any is committed.
  for (const [group, next] of Object.entries(groups)) await assertCommittable(kafka, replayed, group, { next });
  const listed: CommittedGroups['listed'] = [];
  for (const [group, next] of Object.entries(groups)) {
    context.signal.throwIfAborted();
    const { status, remarks: said } = await commitToKafka(kafka, replayed, group, { next });
    if (status !== 'committed') remarks.push(...said);
    if (listed.length < LISTED) listed.push({ group, status, partitions: Object.keys(next).length });
    context.progress({ groups: listed.length });
  }
  remarks.push(
    'Kafka forgets the offsets of a group that no consumer uses (offsets.retention.minutes, 7 days unless the brokers say otherwise): let the groups begin before',
  );
  const more = Object.keys(groups).length - listed.length;
  return { groups: { listed, more }, remarks: boundedRemarks(remarks) };
}

async function translated(
  deps: Dependencies,
  job: ReplayJob,
  context: Pick<StepContext, 'signal' | 'progress'>,
): Promise<{ groups: GroupOffsetsByName; remarks: string[] }> {
  const { signal } = context;
  const staging = new Staging(deps.hdfs(job.connections.hdfs), job.staging);
  const bytes =
    (await staging.readSmall(staging.groupOffsets, signal)) ??
    (await staging.putSmall(
      staging.groupOffsets,
      Buffer.from(JSON.stringify(await translateNow(deps, job, context))),
      signal,
    ));
  const { groups, atEnd } = parseStaged(staging.groupOffsets, translatedGroupsShape, bytes);
  const remarks =
    atEnd === 0
      ? []
      : [`${atEnd} offsets of groups lie behind the last archived record of their partition: they became its end`];
  return { groups, remarks };
}

async function translateNow(
  deps: Dependencies,
  job: ReplayJob,
  context: Pick<StepContext, 'signal' | 'progress'>,
): Promise<TranslatedGroups> {
  const pinned = await pinGroups(deps, job, context.signal);
  const store = deps.hdfs(job.connections.hdfs);
  const parts = new StagedParts(store, new Staging(store, job.staging), 'group-offsets', translatedPartShape);
  return translateOffsets(deps.kafka(job.connections.kafka), job, pinned, { ...context, parts });
}
