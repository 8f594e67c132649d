import { z } from 'zod';
import type { Dependencies } from '../../dependencies.ts';
import { previewConsumerOffsets } from '../../../connections/zookeeper/consumer-offsets.ts';
import { JobError } from '../../step/job-error.ts';
import type { RangesJob } from '../job/ranges-job.ts';

/** What a group has of a topic now, by partition. */
export interface GroupOffsets {
  kafka: ReadonlyMap<number, bigint>;
  zookeeper: ReadonlyMap<number, bigint>;
  /** The topic's life that offsets in Kafka belong to, where an earlier job has left it with them. */
  topicIds: ReadonlyMap<number, string>;
  /** The leader's epoch that they belong to, likewise. */
  epochs: ReadonlyMap<number, number>;
}

/**
 * Reads them wherever the job moves them.
 *
 * @throws JobError 'offsets-group-active' for a group with consumers, which would write over what is committed
 */
export async function groupOffsets(
  deps: Pick<Dependencies, 'kafka' | 'zookeeper'>,
  { offsets, connections }: Pick<RangesJob, 'offsets' | 'connections'>,
  group: string,
  topic: string,
): Promise<GroupOffsets> {
  const kafka = new Map<number, bigint>();
  const topicIds = new Map<number, string>();
  const epochs = new Map<number, number>();
  if (offsets.kafka) {
    const { members, offsets: known } = await deps.kafka(connections.kafka).describeGroup(group, topic);
    if (members > 0) throw active(group, 'Kafka', `${members} active members`);
    for (const { partition, offset, metadata } of known) {
      if (offset < 0n) continue;
      kafka.set(partition, offset);
      const { topicId, leaderEpoch } = leftWith(metadata);
      if (topicId !== undefined) topicIds.set(partition, topicId);
      if (leaderEpoch !== undefined) epochs.set(partition, leaderEpoch);
    }
  }
  const zookeeper = new Map<number, bigint>();
  if (offsets.zookeeper) {
    const store = await deps.zookeeper(connections.zookeeper);
    const { present, consumers } = await previewConsumerOffsets(store, {
      group,
      topic,
      existing: 'leave',
      job: 'a look',
      ...(offsets.layout === '0.8'
        ? { layout: '0.8', offsets: [{ partition: 0, offset: 0n }] }
        : { layout: '0.7', offsets: [{ partition: '0-0', offset: 0n }] }),
    });
    if (consumers.length > 0) throw active(group, store.describe(), `${consumers.length} consumers that run`);
    for (const { partition, value } of present) {
      const number = partitionOf(partition, offsets);
      if (number === undefined) continue;
      if (!/^\d{1,19}$/.test(value))
        throw new JobError(
          'ranges-unplannable',
          `Group ${group}, topic ${topic}, partition ${partition}: expected an offset at ${store.describe()}, found ${JSON.stringify(value.slice(0, 40))}. Correct or delete the node.`,
          { group, topic, partition },
        );
      zookeeper.set(number, BigInt(value));
    }
  }
  return { kafka, zookeeper, topicIds, epochs };
}

/** The node's name of a partition in ZooKeeper. */
export function nodeName(partition: number, { layout, node }: RangesJob['offsets']): string {
  return layout === '0.8' ? String(partition) : `${node}-${partition}`;
}

function partitionOf(name: string, { layout, node }: RangesJob['offsets']): number | undefined {
  const digits = layout === '0.8' ? name : name.startsWith(`${node}-`) ? name.slice(`${node}-`.length) : '';
  return /^\d{1,10}$/.test(digits) ? Number(digits) : undefined;
}

const left = z.object({ rewind: z.literal(1), topicId: z.string().optional(), leaderEpoch: z.int().optional() });

/** What a commit of an earlier job has left beside an offset. */
function leftWith(metadata: string): Partial<z.output<typeof left>> {
  try {
    return left.safeParse(JSON.parse(metadata)).data ?? {};
  } catch {
    // Whoever else commits writes what he likes there.
    return {};
  }
}

function active(group: string, where: string, what: string): JobError {
  return new JobError(
    'offsets-group-active',
    `Group ${group} has ${what} in ${where}: they consume what the job would read, and would write over what it commits. Stop them, then start the job again.`,
    { group },
  );
}
