import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { assertCommittable } from '../offsets/commit-to-kafka.ts';
import { previewInZooKeeper } from '../offsets/commit-to-zookeeper.ts';
import { compareWithLive } from '../offsets/live-range.ts';
import { partialGroupRemarks } from '../offsets/partial-group.ts';
import { isWithheld } from '../offsets/is-withheld.ts';
import type { Problems } from './problems.ts';
import type { OffsetsAction, PlannedKafkaGroup, PlannedOffsets, PlannedZooKeeper } from './replay-plan.ts';

const LISTED_PARTITIONS = 100;

/** What would become of a group's offsets, beside what is live and what the group has now. */
export async function plannedOffsets(
  deps: Dependencies,
  job: ReplayJob,
  group: string,
  pins: PinnedOffsets,
  problems: Problems,
  incomplete: string | undefined,
  remarks: string[],
): Promise<PlannedOffsets> {
  const withheld = isWithheld(job, incomplete);
  const kafka = deps.kafka(job.connections.kafka);
  const fits = withheld ? undefined : await problems.in('offsets', () => compareWithLive(kafka, job, pins));
  const live = fits ?? (await compareWithLive(kafka, job, pins, { onlyReport: true }));
  const inKafka = job.offsets.kafka ? await kafkaGroup(kafka, job, group, pins, problems, withheld) : undefined;
  const inZooKeeper = job.offsets.zookeeper
    ? await zooKeeperGroup(deps, job, group, pins, problems, withheld)
    : undefined;
  const all = live.offsets.map((offset) => ({
    ...offset,
    inZooKeeper: inZooKeeper?.present.get(offset.partition),
    inKafka: inKafka?.present.get(offset.partition),
  }));
  if (inKafka?.planned.action === 'leave')
    remarks.push(...partialGroupRemarks('Kafka', group, pins, inKafka.present.keys()));
  if (inZooKeeper?.planned.action === 'leave')
    remarks.push(...partialGroupRemarks('ZooKeeper', group, pins, inZooKeeper.present.keys()));
  if (incomplete !== undefined) remarks.push(`the archive is not whole: ${incomplete}`);
  return {
    group,
    execution: pins.execution,
    zookeeper: inZooKeeper?.planned,
    kafka: inKafka?.planned,
    partitions: all.slice(0, LISTED_PARTITIONS),
    morePartitions: Math.max(0, all.length - LISTED_PARTITIONS),
  };
}

async function kafkaGroup(
  kafka: KafkaConnection,
  job: ReplayJob,
  group: string,
  pins: PinnedOffsets,
  problems: Problems,
  withheld: boolean,
): Promise<{ planned: PlannedKafkaGroup; present: Map<string, string> }> {
  const { members, offsets } = await kafka.describeGroup(group, job.topic);
  const present = new Map(
    offsets.filter(({ offset }) => offset >= 0n).map(({ partition, offset }) => [String(partition), offset.toString()]),
  );
  const free = await problems.in('commit', async () => {
    await assertCommittable(kafka, job, group, pins);
    return true;
  });
  return { planned: { action: actionOf(job, withheld, free === true, present.size > 0), members }, present };
}

async function zooKeeperGroup(
  deps: Dependencies,
  job: ReplayJob,
  group: string,
  pins: PinnedOffsets,
  problems: Problems,
  withheld: boolean,
): Promise<{ planned: PlannedZooKeeper; present: Map<string, string> }> {
  const store = await deps.zookeeper(job.connections.zookeeper);
  const preview = await problems.in('commit', () => previewInZooKeeper(store, job, group, pins));
  const present = new Map(preview?.present.map(({ partition, value }) => [partition, value]));
  return {
    planned: {
      server: store.describe(),
      path: preview?.path ?? `/consumers/${group}/offsets/${job.topic}`,
      action: actionOf(job, withheld, preview !== undefined, present.size > 0),
      creates: preview?.creates ?? [],
      consumers: (preview?.consumers ?? []).slice(0, 20),
    },
    present,
  };
}

function actionOf(job: ReplayJob, withheld: boolean, free: boolean, present: boolean): OffsetsAction {
  if (withheld) return 'withhold';
  if (!free) return 'refuse';
  if (!present) return 'commit';
  return job.offsets.existing === 'overwrite' ? 'overwrite' : 'leave';
}
