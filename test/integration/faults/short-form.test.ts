// The fault machine in its short form: a round for each family of faults of a replay, one of an archive, and one of each
// kind of archive that is restored, on servers of its own, which it may kill. `npm run test:faults` plays as many as one
// likes. REWIND_SEED repeats a run.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import type { Stack } from '../../../scripts/stack/development-stack.ts';
import { startStack } from '../../../scripts/stack/start-stack.ts';
import { playArchiveRound } from '../../faults/archive/play-archive-round.ts';
import { ARCHIVE_FAULTS } from '../../faults/archive/registry.ts';
import { FaultStack } from '../../faults/fault-stack.ts';
import { playRound } from '../../faults/play-round.ts';
import { kindsNamed, named } from '../../faults/registry.ts';
import { playRestoreRound, RESTORES } from '../../faults/restore/play-restore-round.ts';
import { restoreKinds } from '../../faults/restore/registry.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ArchiveWatch } from '../../support/archive-watch.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive, type TestArchive } from '../../support/test-archive.ts';

const SEED = process.env['REWIND_SEED'] ?? String(Math.floor(Math.random() * 1e6));

let stack: Stack;
let servers: FaultStack;
let harness: ReplayHarness;
let files: TestArchive;
beforeAll(async () => {
  stack = await startStack({ name: `faults-${randomBytes(4).toString('hex')}`, owned: true, brokers: 3 });
  servers = await FaultStack.open(stack);
  harness = await ReplayHarness.open(stack.addresses);
  files = await writeTestArchive(harness, { records: 4_000, hours: 4, executions: 2, seed: `faults-${SEED}` });
  await harness.createSource(files.topic, files.archive.offsets());
}, 300_000);
afterAll(async () => {
  await harness?.close();
  await servers?.close();
  await stack?.down({ deleteData: true });
}, 120_000);

test.each(['processes', 'network', 'people', 'load', 'answers', 'take-up'])(
  `a replay survives faults of %s (REWIND_SEED=${SEED})`,
  async (family) => {
    const report = await playRound(servers, harness, files, kindsNamed([`${family}.`], 3), `${SEED}/${family}`);
    expect(report.faults, JSON.stringify(report.strikes)).toEqual([]);
  },
);

test(`an archive survives faults that only archives have (REWIND_SEED=${SEED})`, async () => {
  const kinds = named(ARCHIVE_FAULTS, ['renames.', 'topics.', 'room.', 'several.', 'leaders.'], 3);
  const report = await playArchiveRound(servers, harness, kinds, `${SEED}/archive`, 600);
  expect(report.faults, JSON.stringify(report.strikes)).toEqual([]);
});

test.each(RESTORES)(`what is archived as %s comes back as it was, through faults (REWIND_SEED=${SEED})`, async (of) => {
  const kinds = restoreKinds(['processes.worker', 'processes.namenode', 'processes.kafka', 'renames.', 'take-up.'], 3);
  const report = await playRestoreRound(servers, harness, of, kinds, `${SEED}/restore`, 400);
  expect(report.faults, JSON.stringify(report.strikes)).toEqual([]);
});

test('an archive leaves a partition without a leader to the next run, and archives the others', async () => {
  const archive = new ArchiveHarness(harness, 'leaderless');
  const [led, lost] = [archive.topic('led'), archive.topic('lost')];
  await archive.createTopic(led, 2);
  const settings = [{ name: 'min.insync.replicas', value: '1' }];
  const onThree = { topic: lost, replicaAssignment: [{ partition: 0, replicas: [3] }], configEntries: settings };
  await harness.admin((admin) => admin.createTopics({ waitForLeaders: true, topics: [onThree] }));
  const messages = Array.from({ length: 100 }, (_, n) => ({ value: JSON.stringify({ n }) }));
  for (const topic of [led, lost]) await archive.produce(topic, messages);
  await stack.server('kafka-3').stop('SIGKILL');
  // kafkajs throws where a partition has no leader.
  const kafka = openKafka(parseKafkaConfig({ brokers: harness.stack.kafka }, 'test'));
  onTestFinished(() => kafka.close());
  const leader = async (): Promise<number | undefined> =>
    (await kafka.listTopics()).find(({ topic }) => topic === lost)?.partitions[0]?.leader;
  await expect.poll(leader, { timeout: 60_000 }).toBe(-1);
  const worker = await harness.startWorker();
  const job = archive.job({ topics: { include: [led, lost] }, files: { timeZone: 'UTC' } });
  const first = await archive.run(job);
  expect(first.problems).toMatchObject([{ topic: lost, message: expect.stringContaining('no leader') as string }]);
  expect(first.records).toBe('100');
  await stack.server('kafka-3').start();
  await expect.poll(leader, { timeout: 60_000 }).toBe(3);
  expect(await archive.run(job)).toMatchObject({ records: '100', problems: [] });
  for (const topic of [led, lost]) {
    const lines = [...(await archive.lines(topic)).values()].flat();
    expect(new Set(lines).size).toBe(100);
    expect(lines).toHaveLength(100);
  }
  await worker.end();
});

test('a DataNode that dies under a write leaves nothing half-written behind, and after the repair nothing is there twice', async () => {
  const archive = new ArchiveHarness(harness, 'datanode');
  const [large, small] = [archive.topic('large'), archive.topic('small')];
  for (const topic of [large, small]) await archive.createTopic(topic);
  // Of one large file bytes are on their way long before it ends.
  const text = 'x'.repeat(20_000);
  const messages = (count: number, padding: string): { value: string }[] =>
    Array.from({ length: count }, (_, n) => ({ value: JSON.stringify({ n, padding }) }));
  const all = messages(1_000, text);
  // A batch is at most a MiB.
  for (let at = 0; at < all.length; at += 40) await archive.produce(large, all.slice(at, at + 40));
  await archive.produce(small, messages(100, ''));
  const worker = await harness.startWorker({ REWIND_HEARTBEAT_TIMEOUT_MS: '3000' });
  const files = { timeZone: 'UTC', codec: 'none' } as const;
  const handle = await archive.start(
    archive.job({ topics: { include: [large, small] }, files, rate: { records: 200 } }),
  );
  const watch = new ArchiveWatch(handle);
  expect(await watch.reach({ step: 'pullArchive', delayMs: 2_000 })).toBe(true);
  await stack.server('datanode').stop('SIGKILL');
  // Another attempt has found it dead.
  await expect
    .poll(async () => Math.max(0, ...((await watch.inHand()) ?? []).map(({ attempt }) => attempt)), { timeout: 60_000 })
    .toBeGreaterThan(1);
  expect([await archive.files(large), await archive.files(small), await archive.executions()]).toEqual([[], [], []]);
  await stack.server('datanode').start();
  await handle.signal('rate', {});
  expect(await handle.result()).toMatchObject({ records: '1100', problems: [], offsetsLeft: '0' });
  for (const [topic, count] of [
    [large, 1_000],
    [small, 100],
  ] as const) {
    const lines = [...(await archive.lines(topic)).values()].flat();
    expect(lines.map((line) => (JSON.parse(line) as { n: number }).n).sort((a, b) => a - b)).toEqual([
      ...Array(count).keys(),
    ]);
  }
  expect(await archive.debris()).toEqual([]);
  await worker.end();
}, 240_000);
