// The fault machine in its short form: a round for each family of faults of a replay, two of an archive, one of each kind of
// archive that is restored, and some of jobs of ranges, on servers of its own, which it may kill. `npm run test:faults` plays
// as many as one likes. REWIND_SEED repeats a run.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createTopics } from '../../../scripts/stack/create-topics.ts';
import type { ArchiveResult } from '../../../workflows/archive/archive-result.ts';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import type { Stack } from '../../../scripts/stack/development-stack.ts';
import { kafkaServerName } from '../../../scripts/stack/kafka-broker.ts';
import { startStack } from '../../../scripts/stack/start-stack.ts';
import { placed, untilLed } from '../../faults/archive/kinds/placement.ts';
import { playArchiveRound } from '../../faults/archive/play-archive-round.ts';
import { ARCHIVE_FAULTS } from '../../faults/archive/registry.ts';
import { FaultStack } from '../../faults/fault-stack.ts';
import { UncleanElection } from '../../faults/kinds/unclean-election.ts';
import { playRound } from '../../faults/play-round.ts';
import { playRangesRound } from '../../faults/ranges/play-ranges-round.ts';
import { RANGES_ENDS, RANGES_FAULTS, RANGES_PLACES } from '../../faults/ranges/registry.ts';
import { kindsNamed, named } from '../../faults/registry.ts';
import { playRestoreRound, RESTORES } from '../../faults/restore/play-restore-round.ts';
import { restoreKinds } from '../../faults/restore/registry.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ArchiveWatch } from '../../support/archive-watch.ts';
import { LoopedTopic } from '../../support/looped-topic.ts';
import { numbered, RangesHarness } from '../../support/ranges-harness.ts';
import { RangesWatch } from '../../support/ranges-watch.ts';
import { registerSearchAttributes } from '../../support/register-search-attributes.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive, type TestArchive } from '../../support/test-archive.ts';

const SEED = process.env['REWIND_SEED'] ?? String(Math.floor(Math.random() * 1e6));

let stack: Stack;
let servers: FaultStack;
let harness: ReplayHarness;
let files: TestArchive;
beforeAll(async () => {
  const name = `faults-${randomBytes(4).toString('hex')}`;
  stack = await startStack({ name, owned: true, brokers: 3, registry: true });
  servers = await FaultStack.open(stack);
  harness = await ReplayHarness.open(stack.addresses);
  await registerSearchAttributes(harness.client);
  files = await writeTestArchive(harness, { records: 4_000, hours: 4, executions: 2, seed: `faults-${SEED}` });
  await harness.createSource(files.topic, files.archive.offsets());
});
afterAll(async () => {
  await harness?.close();
  await servers?.close();
  await stack?.down({ deleteData: true });
});

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

test(`an archive survives faults of its registry (REWIND_SEED=${SEED})`, async () => {
  const kinds = named(ARCHIVE_FAULTS, ['registry.'], 3);
  const report = await playArchiveRound(servers, harness, kinds, `${SEED}/registry`, 300);
  expect(report.faults, JSON.stringify(report.strikes)).toEqual([]);
});

test.each(RESTORES)(`what is archived as %s comes back as it was, through faults (REWIND_SEED=${SEED})`, async (of) => {
  const kinds = restoreKinds(['processes.worker', 'processes.namenode', 'processes.kafka', 'renames.', 'take-up.'], 3);
  const report = await playRestoreRound(servers, harness, of, kinds, `${SEED}/restore`, 400);
  expect(report.faults, JSON.stringify(report.strikes)).toEqual([]);
});

test('what a replay puts back into its source is archived once, though their workers are killed meanwhile', async () => {
  const startWorker = () => harness.startWorker({ REWIND_HEARTBEAT_TIMEOUT_MS: '3000', REWIND_SLICE_MS: '1000' });
  const looped = await LoopedTopic.open(harness, 120);
  const { archive, job } = looped;
  let worker = await startWorker();
  expect(await archive.run(job)).toMatchObject({ records: '120', left: {}, problems: [] });
  await looped.lose();
  const runs: ArchiveResult[] = [];
  let restored = false;
  const striking = (async () => {
    for (let kills = 0; kills < 3 && !restored; kills += 1) {
      await sleep(1_500);
      worker.signal('SIGKILL');
      worker = await startWorker();
    }
  })();
  const result = await looped.restore(20, async () => runs.push(await archive.run(job)));
  restored = true;
  await striking;
  expect(result).toMatchObject({ records: { published: '120' } });
  await looped.produce(120, 125);
  runs.push(await archive.run(job));
  expect(await looped.archived()).toEqual([...Array(125).keys()]);
  expect(runs.reduce((sum, { left }) => sum + (left['replayed'] ?? 0), 0)).toBe(120);
  await worker.end();
});

const SERVERS = ['temporal', 'kafka', 'namenode', 'zookeeper'].map((name) => `processes.${name}`);
test.each([
  { what: 'workers, at any step', kinds: ['processes.worker'], places: RANGES_PLACES },
  { what: 'workers, behind the last range', kinds: ['processes.worker'], places: RANGES_ENDS },
  { what: 'servers and networks, behind the last range', kinds: [...SERVERS, 'network.'], places: RANGES_ENDS },
  { what: 'people who end jobs', kinds: ['several.', 'people.'], places: RANGES_PLACES },
])(`a job of ranges survives faults of $what (REWIND_SEED=${SEED})`, async ({ what, kinds, places }) => {
  const faults = named(RANGES_FAULTS, kinds, 3);
  const report = await playRangesRound(servers, harness, faults, `${SEED}/${what}`, 400, places);
  expect(report.faults, JSON.stringify(report.strikes)).toEqual([]);
});

test('a job of ranges takes no records of an unclean leader for those that were planned', async () => {
  const ranges = new RangesHarness(harness);
  onTestFinished(() => ranges.close());
  const [topic, group] = [ranges.topics.topic('unclean'), `${harness.id}-unclean`];
  await ranges.topics.createTopic(topic);
  await ranges.topics.produce(topic, numbered(50));
  const election = new UncleanElection(servers, ranges.topics, topic, 2, 3);
  await election.fallBehind();
  await ranges.topics.produce(topic, numbered(50, 1, 50));
  const functions = ranges.module(`
    import { existsSync, writeFileSync } from 'node:fs';
    export const range = {
      hold: async ({ first }, records, { heartbeat }) => {
        while (!existsSync(OUT + '/go')) { heartbeat(); await new Promise((go) => setTimeout(go, 100)); }
        const numbers = [];
        for await (const batch of records) for (const { decoded } of batch) numbers.push(decoded.n);
        return numbers;
      },
    };`);
  const worker = await harness.startWorker({ REWIND_FUNCTIONS: functions });
  const job = ranges.job({ inputs: [{ topic, group, function: 'hold', decode: 'json' }] });
  const handle = await ranges.start(job);
  expect(await new RangesWatch(handle).reach({ step: 'runRange' })).toBe(true);
  await election.elect();
  await ranges.topics.produce(topic, numbered(80, 1, 100));
  await election.heal([1, 2, 3]);
  writeFileSync(join(ranges.out, 'go'), '');
  const failure = await harness.failureOf(handle);
  expect(failure).toMatchObject({ type: 'rewind.connection.changed' });
  expect(failure.message).toContain('offset 50: expected a batch of a leader up to epoch');
  expect(await ranges.offsets(group, topic)).toEqual({});
  const anew = await ranges.run({ ...job, unfinished: 'discard' });
  expect((anew.finished as { summary: number[] }[]).flatMap(({ summary }) => summary)).toEqual([
    ...[...Array(50).keys()],
    ...Array.from({ length: 80 }, (_, n) => 100 + n),
  ]);
  expect(await ranges.offsets(group, topic)).toEqual({ 0: '130' });
  await worker.end();
});

test('an archive leaves a partition without a leader to the next run, and archives the others', async () => {
  const archive = new ArchiveHarness(harness, 'leaderless');
  const [led, lost] = [archive.topic('led'), archive.topic('lost')];
  await archive.createTopic(led, 2);
  const settings = [{ name: 'min.insync.replicas', value: '1' }];
  const onThree = { topic: lost, replicaAssignment: [{ partition: 0, replicas: [3] }], configEntries: settings };
  await harness.admin((admin) => createTopics(admin, [onThree]));
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

test('an archive whose leader dies while it reads goes on with the next one, from where it was', async () => {
  const archive = new ArchiveHarness(harness, 'leader');
  const topic = archive.topic('dying');
  const onAll = { topic, replicaAssignment: [{ partition: 0, replicas: [2, 3, 1] }] };
  await harness.admin((admin) => createTopics(admin, [onAll]));
  // More than is fetched ahead: whatever is in hand when the leader dies, the rest is still to be asked for.
  const all = Array.from({ length: 1_000 }, (_, n) => ({ value: JSON.stringify({ n, padding: 'x'.repeat(20_000) }) }));
  for (let at = 0; at < all.length; at += 40) await archive.produce(topic, all.slice(at, at + 40));
  const worker = await harness.startWorker({ REWIND_HEARTBEAT_TIMEOUT_MS: '3000' });
  const files = { timeZone: 'UTC' };
  const handle = await archive.start(archive.job({ topics: { include: [topic] }, files, rate: { records: 50 } }));
  const read = async (): Promise<number> => {
    const [pull] = (await handle.describe()).raw.pendingActivities ?? [];
    const told = Buffer.from(pull?.heartbeatDetails?.payloads?.[0]?.data ?? []).toString();
    return (JSON.parse(told || '{}') as { records?: number }).records ?? 0;
  };
  await expect.poll(read, { timeout: 60_000 }).toBeGreaterThan(0);
  const [{ leader } = { leader: 2 }] = await placed(archive, topic);
  await stack.server(kafkaServerName(leader)).stop('SIGKILL');
  await untilLed(archive, topic, (node) => node !== leader);
  const result = (await handle.result()) as ArchiveResult;
  await stack.server(kafkaServerName(leader)).start();
  expect(result).toMatchObject({ records: '1000', problems: [], offsetsLeft: '0' });
  const lines = (await archive.lines(topic)).get(0) ?? [];
  expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual([...Array(1_000).keys()]);
  await worker.end();
});

test.each([
  { back: 'behind the attempt', rate: 200, atOnce: false },
  { back: 'within the attempt', rate: 60, atOnce: true },
])(
  'a DataNode that dies under a write, and is back $back, leaves nothing half-written behind, and nothing twice',
  async ({ rate, atOnce }) => {
    const archive = new ArchiveHarness(harness, `datanode-${rate}`);
    const [large, small] = [archive.topic(`large${rate}`), archive.topic(`small${rate}`)];
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
      archive.job({ topics: { include: [large, small] }, files, rate: { records: rate } }),
    );
    const watch = new ArchiveWatch(handle);
    expect(await watch.reach({ step: 'pullArchive', delayMs: 2_000 })).toBe(true);
    await stack.server('datanode').stop('SIGKILL');
    // The file that was half-written is all that would tell of it: whatever else the attempt writes finds HDFS in order.
    if (atOnce) await stack.server('datanode').start();
    // Another attempt has found it dead.
    await expect
      .poll(async () => Math.max(0, ...((await watch.inHand()) ?? []).map(({ attempt }) => attempt)), {
        timeout: 60_000,
      })
      .toBeGreaterThan(1);
    expect([await archive.files(large), await archive.files(small), await archive.executions()]).toEqual([[], [], []]);
    if (!atOnce) await stack.server('datanode').start();
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
  },
);
