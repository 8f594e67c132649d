// `rewind drain` as people use it after a replay, on real servers: how far a real consumer group is with the replay topic,
// and how it goes on in the live topic.
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { DrainReport } from '../../../activities/drain/drain-report.ts';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { writeTestArchive, type TestArchive } from '../../support/test-archive.ts';
import { kafkaOffsets } from '../../support/group-offsets.ts';
import { OneWorker } from '../replay/one-worker.ts';
import { runRewind, type Ran } from './run-rewind.ts';

const shared = new OneWorker();
let kafka: KafkaConnection;
let made: TestArchive;
let id: string;
let main: string;
let drainers: string;

const rewind = (...args: string[]): Promise<Ran> => runRewind(shared.harness, args);
const report = async (...args: string[]): Promise<DrainReport> =>
  JSON.parse((await rewind('drain', id, '--group', drainers, '--json', ...args)).out) as DrainReport;

/** Puts a group at an offset of a partition, as a consumer of it would. */
async function commit(group: string, topic: string, offsets: readonly string[]): Promise<void> {
  const partitions = offsets.map((offset, partition) => ({ partition, offset }));
  await shared.harness.admin((admin) => admin.setOffsets({ groupId: group, topic, partitions }));
}

beforeAll(async () => {
  const { harness } = shared;
  kafka = openKafka(parseKafkaConfig({ brokers: inject('stack').kafka }, 'test'));
  made = await writeTestArchive(harness, { records: 500 });
  [main, drainers, id] = [`main-${harness.id}`, `drainers-${harness.id}`, `replay-drained-${harness.id}`];
  await harness.createSource(
    made.topic,
    made.archive.offsets(made.topic).map(({ partition, offset }) => ({ partition: Number(partition), offset })),
  );
  const offsets = { group: main, zookeeper: false, kafka: true };
  const job = { ...made.job, output: { ...made.job.output, partitions: 'source' as const }, offsets };
  await (await harness.start(job, id)).result();
});
afterAll(() => kafka?.close());

test('a group is told what is left, and drained right behind the last records, or behind their markers', async () => {
  const before = await rewind('drain', id, '--group', drainers);
  expect(before.code).toBe(1);
  expect(before.out).toContain(`${drainers} has`);
  expect(before.err).toContain(`has not drained ${made.replayTopic}`);
  const first = await report();
  expect(first).toMatchObject({ drained: false, unfinished: false, retentionMinutes: 10_080 });
  const ends = first.partitions.toSorted((a, b) => a.partition - b.partition);
  await commit(
    drainers,
    made.replayTopic,
    ends.map(({ drainedAt = '0' }) => String(BigInt(drainedAt) - (drainedAt === '0' ? 0n : 1n))),
  );
  expect(await report()).toMatchObject({
    drained: false,
    left: String(ends.filter(({ drainedAt }) => drainedAt).length),
  });
  await commit(
    drainers,
    made.replayTopic,
    ends.map(({ drainedAt = '0' }) => drainedAt),
  );
  expect(await report()).toMatchObject({ drained: true, left: '0' });
  await commit(
    drainers,
    made.replayTopic,
    ends.map(({ end }) => end),
  );
  expect(await report()).toMatchObject({ drained: true, left: '0' });
});

test('the group that the replay has put on the live topic goes on there, and it is said until when', async () => {
  const { out, code } = await rewind('drain', id, '--group', drainers);
  expect(code).toBe(0);
  expect(out).toContain(`start those of ${main} on ${made.topic}`);
  expect((await report()).waiting).toMatchObject({ group: main, there: true, expiresAt: expect.any(String) as string });
});

test('the group that drained the replay is moved to the live topic where it is asked for', async () => {
  expect((await kafkaOffsets(shared.harness, drainers, made.topic)).offsets).toEqual({});
  const { live } = await report('--commit');
  expect(live).toMatchObject({ switched: true, commit: 'committed', problems: [] });
  expect((await kafkaOffsets(shared.harness, drainers, made.topic)).offsets).toEqual(
    (await kafkaOffsets(shared.harness, main, made.topic)).offsets,
  );
});

test('what is no replay can not be drained', async () => {
  expect(await rewind('drain', 'nobody', '--group', drainers)).toMatchObject({ code: 2 });
  expect(await rewind('drain', id)).toMatchObject({ code: 2 });
});
