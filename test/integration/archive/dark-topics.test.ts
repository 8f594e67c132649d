// Topics as they are after some years: records larger than what one fetch asks for, batches that unpack to very much,
// times that are none, names that share a folder, records that go while they are read, transactions that nobody ends.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { readRewindJson } from '../../../activities/archive/history/rewind-json.ts';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { pauseSignal, rateSignal, resumeSignal } from '../../../workflows/run/messages.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { sendPacked } from '../../support/packed-batch.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import type { WorkerProcess } from '../../support/worker-process.ts';

let base: ReplayHarness;
let worker: WorkerProcess;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  worker = await base.startWorker({ REWIND_MEMORY_MIB: '256' });
});
afterAll(() => base.close());

const MIB = 1024 * 1024;
/** Milliseconds ahead of the broker's clock that a timestamp may be. */
const ANY_TIME = [{ name: 'message.timestamp.after.max.ms', value: '9223372036854775807' }];
const PLAIN = { files: { timeZone: 'UTC', codec: 'none' } } as const;

const foldersOf = async (archive: ArchiveHarness, topic: string): Promise<string[]> =>
  (await archive.files(topic)).map(({ path }) => path.split('/').slice(-5, -1).join('/')).sort();
const idsOf = (lines: string[] = []): number[] => lines.map((line) => (JSON.parse(line) as { n: number }).n);
const numbered = (from: number, count: number): { value: string; partition: number }[] =>
  Array.from({ length: count }, (_, n) => ({ partition: 0, value: JSON.stringify({ n: from + n }) }));

/** How slowly a run begins that is to be paused: as many seconds are left before it is through with a topic of 3,000. */
const SLOW = { records: 200 };

/** Pauses a run that has begun slowly when it has pulled something, does something, and lets it go on at full speed. */
async function pausedMeanwhile<T>(run: WorkflowHandle, meanwhile: () => Promise<unknown>): Promise<T> {
  const progress = (): Promise<{ status: string; pulls: { done: number; total: number } }> => run.query('progress');
  await expect.poll(async () => (await progress()).pulls.done).toBeGreaterThan(0);
  await run.signal(pauseSignal);
  await expect.poll(async () => (await progress()).status).toBe('paused');
  const { pulls } = await progress();
  expect(pulls.done).toBeLessThan(pulls.total);
  await meanwhile();
  await run.signal(rateSignal, {});
  await run.signal(resumeSignal);
  return (await run.result()) as T;
}

it('archives a record of 40 MB and a batch that unpacks to 900 MB in bounded memory, and the topic beside them', async () => {
  const archive = new ArchiveHarness(base, 'large');
  const [large, packed, small] = [archive.topic('large'), archive.topic('packed'), archive.topic('small')];
  const room = [{ name: 'max.message.bytes', value: String(64 * MIB) }];
  for (const topic of [large, packed, small]) await archive.createTopic(topic, 1, room);
  const producer = archive.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  await producer.send({ topic: large, messages: [{ value: Buffer.alloc(40_000_000, 'x') }, { value: 'behind' }] });
  await sendPacked(base.stack.kafka, packed, 112, 8_000_000);
  await producer.send({ topic: small, messages: [{ value: 'beside' }] });
  await producer.disconnect();
  const job = archive.job({ topics: { include: [large, packed, small] }, value: 'text', files: { timeZone: 'UTC' } });
  expect(await archive.run(job)).toMatchObject({ records: '115', problems: [], offsetsLeft: '0' });
  expect((await archive.lines(large)).get(0)?.map((line) => line.length)).toEqual([40_000_000, 6]);
  const [file, ...others] = await archive.files(packed);
  expect(file).toMatchObject({ count: 112, nextOffset: 112n });
  expect(others).toEqual([]);
  // Longer than a string may be.
  const unpacked = createGunzip();
  unpacked.end(await base.store.read(file!.path, 0, file!.length));
  let bytes = 0;
  for await (const chunk of unpacked) bytes += (chunk as Buffer).length;
  expect(bytes).toBe(112 * 8_000_001);
  expect((await archive.lines(small)).get(0)).toEqual(['beside']);
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${worker.pid}/status`, 'utf8')) ?? [];
  expect(Number(peak) / 1024).toBeLessThan(700);
});

it('archives what a log cleaner leaves once, over holes and batches without a record, and may stop in a hole', async () => {
  const archive = new ArchiveHarness(base, 'compacted');
  const topic = archive.topic('compacted');
  const settings = { 'cleanup.policy': 'compact', 'segment.ms': '100', 'min.cleanable.dirty.ratio': '0.001' };
  await archive.createTopic(
    topic,
    1,
    Object.entries(settings).map(([name, value]) => ({ name, value })),
  );
  const keyed = (from: number): { key: string; value: string }[] =>
    Array.from({ length: 10 }, (_, n) => ({ key: `key ${n}`, value: JSON.stringify({ n: from + n }) }));
  for (let turn = 0; turn < 5; turn++) {
    await archive.produce(topic, keyed(turn * 10));
    await sleep(150);
  }
  // Its last batch stays when its records go, so that its sequence number is known.
  const idempotent = archive.kafka.producer({ idempotent: true });
  await idempotent.connect();
  await idempotent.send({ topic, messages: keyed(50) });
  await idempotent.disconnect();
  await sleep(150);
  await archive.produce(topic, keyed(60));
  const kafka = openKafka(parseKafkaConfig({ brokers: base.stack.kafka }, 'test'));
  onTestFinished(() => kafka.close());
  const reader = kafka.openReader();
  onTestFinished(() => reader.close());
  let rolls = 0;
  await expect
    .poll(
      async () => {
        // A segment is rolled when something comes.
        await archive.produce(topic, [{ key: 'roll', value: JSON.stringify({ n: 1_000 + (rolls += 1) }) }]);
        const counts: number[] = [];
        for await (const { count } of reader.read({ topic, partition: 0, from: 0n, to: 70n })) counts.push(count);
        return [counts.reduce((sum, count) => sum + count, 0) < 20, counts.includes(0)];
      },
      { timeout: 60_000, interval: 500 },
    )
    .toEqual([true, true]);
  const job = archive.job({ topics: { include: [topic] }, ...PLAIN });
  await archive.run({ ...job, limits: { records: 13 } });
  expect((await archive.offsets()).get(`${topic}-0`)?.next).toBe(13n);
  expect(await archive.run(job)).toMatchObject({ problems: [], offsetsLeft: '0', left: {} });
  expect((await archive.run(job)).execution).toBeUndefined();
  const numbers = idsOf((await archive.lines(topic)).get(0));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.filter((n) => n >= 60 && n < 1_000)).toEqual(numbered(60, 10).map((_, n) => 60 + n));
  expect((await archive.offsets()).get(`${topic}-0`)?.next).toBe(70n + BigInt(rolls));
});

it('goes by the time of the broker where the topic has that', async () => {
  const archive = new ArchiveHarness(base, 'append');
  const topic = archive.topic('append');
  await archive.createTopic(topic, 1, [{ name: 'message.timestamp.type', value: 'LogAppendTime' }]);
  const before = Date.now();
  await archive.produce(topic, [{ value: '{"n":1}', timestamp: '1000' }]);
  await archive.run(archive.job({ topics: { include: [topic] }, ...PLAIN }));
  const [file] = await archive.files(topic);
  const hour = 3_600_000;
  expect(file?.bucketStartMs).toBeGreaterThanOrEqual(before - (before % hour));
  expect(file?.bucketStartMs).toBeLessThanOrEqual(Date.now());
});

it('puts times that are none into 1970, wild ones too, and writes the same files again', async () => {
  const archive = new ArchiveHarness(base, 'times');
  const topic = archive.topic('times');
  await archive.createTopic(topic, 1, ANY_TIME);
  const times = ['0', '-1', '1416000000', '1416000000000000', '9223372036854775807', String(Date.UTC(2027, 10, 1))];
  const last = Date.UTC(2026, 10, 20, 10);
  for (const [n, timestamp] of [...times, String(last)].entries())
    await archive.produce(topic, [{ value: JSON.stringify({ n }), timestamp }]);
  const job = archive.job({ topics: { include: [topic] }, ...PLAIN });
  expect(await archive.run(job)).toMatchObject({
    ...{ records: '7', remarks: [expect.stringMatching(/^5 records have no time that is believed/) as string] },
  });
  expect(await foldersOf(archive, topic)).toEqual(['1970/01/01/00', '1970/01/17/09', '2026/11/20/10']);
  expect(idsOf((await archive.lines(topic)).get(0)).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  const again = new ArchiveHarness(base, 'times-again');
  await again.run(again.job({ topics: { include: [topic] }, ...PLAIN }));
  const names = async (of: ArchiveHarness): Promise<string[]> =>
    (await of.files(topic)).map(({ path }) => path.slice(of.dest.length)).sort();
  expect(await names(again)).toEqual(await names(archive));
});

it('holds few files and little memory for records of more hours than may be open at a time', async () => {
  const archive = new ArchiveHarness(base, 'hours');
  const topic = archive.topic('hours');
  await archive.createTopic(topic, 1);
  const hours = Array.from({ length: 240 }, (_, n) => Date.UTC(2016, 0, 1) + (n % 200) * 300 * 3_600_000);
  await archive.produce(
    topic,
    hours.map((time, n) => ({ value: JSON.stringify({ n }), timestamp: String(time) })),
  );
  expect(await archive.run(archive.job({ topics: { include: [topic] }, ...PLAIN }))).toMatchObject({ records: '240' });
  expect(idsOf((await archive.lines(topic)).get(0)).sort((a, b) => a - b)).toEqual(hours.map((_, n) => n));
});

it('archives a topic beside one that had its folder before, and a topic without a record by its offset', async () => {
  const archive = new ArchiveHarness(base, 'shared');
  // Brokers refuse both at once; one after the other they have the same folder, counts and offsets.
  const [dotted, scored] = [archive.topic('a.b'), archive.topic('a_b')];
  const empty = archive.topic('empty');
  const timestamp = String(Date.UTC(2026, 10, 20, 10));
  const job = archive.job({ topics: { include: [dotted, scored, empty] }, ...PLAIN });
  await archive.createTopic(empty, 1);
  for (const topic of [dotted, scored]) {
    await archive.createTopic(topic, 1);
    const messages = [0, 1, 2].map((n) => ({ value: JSON.stringify({ n, topic: topic.slice(0, 3) }), timestamp }));
    await archive.produce(topic, messages);
    expect(await archive.run(job)).toMatchObject({ records: '3', files: 1, problems: [] });
    await base.admin((admin) => admin.deleteTopics({ topics: [topic] }));
    await expect.poll(() => base.admin((admin) => admin.listTopics()), { timeout: 30_000 }).not.toContain(topic);
  }
  const lines = (await archive.lines(scored)).get(0)?.map((line) => JSON.parse(line) as { n: number; topic: string });
  for (const topic of ['a.b', 'a_b'])
    expect(lines?.filter((each) => each.topic === topic).map(({ n }) => n)).toEqual([0, 1, 2]);
  const offsets = await archive.offsets();
  expect([dotted, scored, empty].map((topic) => offsets.get(`${topic}-0`)?.next)).toEqual([3n, 3n, 0n]);
  expect(await archive.files(empty)).toEqual([]);
  expect((await archive.run(job)).execution).toBeUndefined();
});

async function deleteRecords(topic: string, before: string): Promise<void> {
  await base.admin(async (admin) => {
    await admin.fetchTopicOffsets(topic); // kafkajs deletes only from topics whose leaders it has seen
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: before }] });
  });
}

it('keeps what it read before retention overtook it, tells what was lost, and leaves other topics alone', async () => {
  const archive = new ArchiveHarness(base, 'overtaken');
  const [topic, other] = [archive.topic('a_overtaken'), archive.topic('other')];
  for (const each of [topic, other]) {
    await archive.createTopic(each, 1);
    // Small batches: what is deleted is not in the worker's hands yet.
    for (let from = 0; from < 3_000; from += 200)
      await archive.produce(
        each,
        numbered(from, 200).map((one) => ({ ...one, key: 'x'.repeat(4_000) })),
      );
  }
  const input = { topics: { include: [topic, other] }, ...PLAIN, ranges: { rangeMiB: 1, concurrency: 1 } };
  const slow = await archive.start(archive.job({ ...input, rate: SLOW }));
  const first = await pausedMeanwhile<{ problems: { topic: string; message: string }[] }>(slow, () =>
    deleteRecords(topic, '2900'),
  );
  expect(first.problems.map((each) => each.topic)).toEqual([topic]);
  expect(idsOf((await archive.lines(other)).get(0))).toEqual(numbered(0, 3_000).map((_, n) => n));
  const kept = idsOf((await archive.lines(topic)).get(0));
  expect(kept).toEqual(kept.map((_, n) => n));

  const told = await archive.run(archive.job(input));
  expect(told.problems[0]?.message).toContain(`offsets ${kept.length} to 2899 are lost`);
  const last = await archive.run(archive.job({ ...input, gap: 'report' }));
  expect(last.problems).toEqual([]);
  const all = [...kept, ...Array.from({ length: 100 }, (_, n) => 2_900 + n)];
  expect(idsOf((await archive.lines(topic)).get(0))).toEqual(all);
  const said = await readRewindJson(base.store, `${archive.history}/${last.execution}`, new AbortController().signal);
  expect(said?.partitions.find((each) => each.topic === topic)?.missing).toMatchObject([
    { from: String(kept.length), to: '2900' },
  ]);
});

it('goes on behind what retention deletes while it runs, where gaps are reported, and tells what was lost', async () => {
  const archive = new ArchiveHarness(base, 'passed');
  const topic = archive.topic('passed');
  await archive.createTopic(topic, 1);
  for (let from = 0; from < 3_000; from += 200)
    await archive.produce(
      topic,
      numbered(from, 200).map((one) => ({ ...one, key: 'x'.repeat(4_000) })),
    );
  const input = { topics: { include: [topic] }, ...PLAIN, ranges: { rangeMiB: 1, concurrency: 1 } };
  const run = await archive.start(archive.job({ ...input, gap: 'report', rate: SLOW }));
  const result = await pausedMeanwhile<{ execution: string; problems: unknown[]; remarks: string[] }>(run, () =>
    deleteRecords(topic, '2900'),
  );
  const ids = idsOf((await archive.lines(topic)).get(0));
  const kept = ids.length - 100;
  expect(ids).toEqual([
    ...Array.from({ length: kept }, (_, n) => n),
    ...Array.from({ length: 100 }, (_, n) => 2_900 + n),
  ]);
  expect(result.problems).toEqual([]);
  const said = await readRewindJson(base.store, `${archive.history}/${result.execution}`, new AbortController().signal);
  expect(said?.partitions.find((each) => each.topic === topic)?.missing).toMatchObject([
    { from: String(kept), to: '2900' },
  ]);
  expect(result.remarks).toEqual([expect.stringContaining(`${topic}-0: offsets ${kept} to 2899 are lost`) as string]);
  expect((await archive.run(archive.job(input))).execution).toBeUndefined();
});

it('waits for no transaction that nobody ends: it stops in front of it, says so, and goes on once it is aborted', async () => {
  const archive = new ArchiveHarness(base, 'hanging');
  const topic = archive.topic('hanging');
  await archive.createTopic(topic, 1);
  await archive.produce(topic, numbered(0, 5));
  const before = Date.now();
  const hanging = archive.kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });
  await hanging.connect();
  const transaction = await hanging.transaction();
  await transaction.send({ topic, messages: numbered(1_000, 10) });
  await archive.produce(topic, numbered(5, 100));
  const job = archive.job({ topics: { include: [topic] }, ...PLAIN });
  const plan = (await (await archive.start({ ...job, plan: true })).result()) as {
    partitions: { heldBack: string }[];
  };
  expect(plan.partitions).toMatchObject([{ heldBack: '110' }]);
  const told = (remarks: string[]): void =>
    expect(remarks).toEqual([
      expect.stringMatching(
        /hanging.*: 110 offsets are held back .* since offset 5, by producer \d+ .*last batch is of 2\d{3}-/,
      ),
    ]);
  const first = await archive.run(job);
  expect(first).toMatchObject({ records: '5', problems: [] });
  told(first.remarks);
  const said = await readRewindJson(base.store, `${archive.history}/${first.execution}`, new AbortController().signal);
  expect(said?.complete.get(topic)).toBeLessThanOrEqual(before);
  const quiet = await archive.run(job);
  expect(quiet.execution).toBeUndefined();
  told(quiet.remarks);
  await transaction.abort();
  await hanging.disconnect();
  expect(await archive.run(job)).toMatchObject({ records: '100', left: { aborted: 10 }, remarks: [] });
  expect(idsOf((await archive.lines(topic)).get(0))).toEqual(numbered(0, 105).map((_, n) => n));
  expect((await archive.offsets()).get(`${topic}-0`)?.next).toBe(116n);
});

it('never takes records of a topic that was made anew for those that were planned', async () => {
  const archive = new ArchiveHarness(base, 'anew');
  const topic = archive.topic('anew');
  const key = 'x'.repeat(4_000);
  const fill = async (from: number): Promise<void> => {
    await archive.createTopic(topic, 1);
    for (let sent = 0; sent < 2_000; sent += 200)
      await archive.produce(
        topic,
        numbered(from + sent, 200).map((each) => ({ ...each, key })),
      );
  };
  await fill(0);
  const input = { topics: { include: [topic] }, ...PLAIN, ranges: { rangeMiB: 1, concurrency: 1 } };
  const slow = await archive.start(archive.job({ ...input, rate: SLOW }));
  const ended = await pausedMeanwhile<{ problems: unknown[] }>(slow, async () => {
    await base.admin((admin) => admin.deleteTopics({ topics: [topic] }));
    await expect.poll(() => base.admin((admin) => admin.listTopics())).not.toContain(topic);
    await fill(10_000);
  });
  expect(ended.problems).toHaveLength(1);
  const old = idsOf((await archive.lines(topic)).get(0));
  expect(old).toEqual(old.map((_, n) => n));
  expect(await archive.run(archive.job({ ...input, recreated: 'continue-at-earliest' }))).toMatchObject({
    records: '2000',
    problems: [],
  });
  const all = idsOf((await archive.lines(topic)).get(0)).sort((a, b) => a - b);
  expect(all).toEqual([...old, ...Array.from({ length: 2_000 }, (_, n) => 10_000 + n)]);
});
