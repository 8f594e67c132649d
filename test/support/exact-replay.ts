import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import { stagingFolder } from '../../activities/replay/staging.ts';
import type { ReplayResult } from '../../workflows/replay/replay-result.ts';
import { verifyReplay, type Verification } from './camus-archive/index.ts';
import type { ReplayHarness } from './replay-harness.ts';
import type { TestArchive } from './test-archive.ts';

export interface ExactReplay {
  /** What is wrong, in sentences; empty where every record is there once, in order, and the offsets are Camus's. */
  faults: string[];
  verification: Verification;
}

/** Reads back all that a finished job was to leave (records, offsets in ZooKeeper and Kafka) and to take away. */
export async function checkExactReplay(
  harness: ReplayHarness,
  { archive, topic }: TestArchive,
  job: ReplayInput,
  result: ReplayResult,
): Promise<ExactReplay> {
  const faults: string[] = [];
  const replayTopic = result.replayTopic ?? '';
  const truth = archive.truth();
  const verification = await verifyReplay({ brokers: harness.stack.kafka, topic: replayTopic, truth });
  if (!verification.ok) faults.push(verification.summary);
  if (result.records.published !== String(truth.total))
    faults.push(`the result says ${result.records.published} records were published, expected ${truth.total}`);
  if (result.records.read !== truth.total)
    faults.push(`the result says ${result.records.read} records were read, expected ${truth.total}`);
  const group = job.offsets?.group ?? '';
  const kafka = await offsetsInKafka(harness, group, topic);
  const zookeeper = await offsetsInZooKeeper(harness, group, topic, archive.offsets().length);
  for (const { partition, offset } of archive.offsets())
    for (const [where, found] of [
      ['Kafka', kafka.get(partition)],
      ['ZooKeeper', zookeeper.get(partition)],
    ] as const)
      if (found !== offset.toString())
        faults.push(`offset of partition ${partition} in ${where}: expected ${offset}, found ${found ?? 'none'}`);
  faults.push(...(await leftInStaging(harness, topic, result)));
  return { faults, verification };
}

/** What a job that succeeded left of its intermediate files, as a fault. */
export async function leftInStaging(
  harness: ReplayHarness,
  topic: string,
  { job }: Pick<ReplayResult, 'job'>,
): Promise<string[]> {
  const staged = await harness.store.status(stagingFolder(`${harness.folder}/staging`, topic, job));
  return staged === undefined ? [] : [`the staging folder ${staged.path} is still there`];
}

async function offsetsInKafka(harness: ReplayHarness, groupId: string, topic: string): Promise<Map<number, string>> {
  const [found] = await harness.admin((admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
  return new Map(found?.partitions.map(({ partition, offset }) => [partition, offset]));
}

async function offsetsInZooKeeper(
  harness: ReplayHarness,
  group: string,
  topic: string,
  partitions: number,
): Promise<Map<number, string>> {
  return harness.zookeeper(async (store) => {
    const found = new Map<number, string>();
    for (let partition = 0; partition < partitions; partition++) {
      const node = await store.get(`/consumers/${group}/offsets/${topic}/${partition}`);
      if (node !== undefined) found.set(partition, node.data.toString());
    }
    return found;
  });
}
