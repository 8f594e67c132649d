// A function of the user's own over a topic, on real servers: every record once, offsets moved only when all of it has
// succeeded, and nothing done where there is nothing to do.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { RangesInput } from '../../../activities/ranges/job/ranges-input.ts';
import type { RangesOutlook } from '../../../activities/ranges/plan/ranges-outlook.ts';
import type { RangesProgress } from '../../../workflows/ranges/ranges-progress.ts';
import { numbered, RangesHarness } from '../../support/ranges-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

let base: ReplayHarness;
let ranges: RangesHarness;

const MODULE = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
export const range = {
  collect: async ({ id, topic, partition, first, next, group }, records) => {
    const numbers = [];
    for await (const batch of records)
      for (const { value, decoded } of batch) numbers.push(decoded === undefined ? JSON.parse(value).n : decoded?.n ?? null);
    writeFileSync(OUT + '/' + id, JSON.stringify(numbers));
    return { topic, partition, first: String(first), next: String(next), group, count: numbers.length };
  },
  whole: async (range, records) => {
    const all = [];
    for await (const batch of records)
      for (const { offset, timestamp, key, value, headers } of batch)
        all.push([Number(offset), timestamp, key && String(key), value && String(value), headers.map(({ name, value }) => [name, value && String(value)])]);
    return all;
  },
  breaksOnce: async ({ id }, records, { attempt }) => {
    for await (const batch of records) if (attempt === 1) throw new Error('the database is away');
    appendFileSync(OUT + '/attempts', id + ' ' + attempt + '\\n');
    return attempt;
  },
  repaired: async ({ id, partition }, records) => {
    if (partition === 1 && !existsSync(OUT + '/repaired')) throw new Error('no such table');
    let count = 0;
    for await (const batch of records) count += batch.length;
    appendFileSync(OUT + '/runs', id + '\\n');
    return count;
  },
  hurried: async (range, records) => { for await (const batch of records) return batch.length; },
  big: async (range, records) => { for await (const _ of records); return 'x'.repeat(70000); },
  exact: async (range, records) => { for await (const _ of records); return { next: range.next }; },
  hides: async (range, records) => { try { for await (const _ of records); } catch {} return 'fine'; },
  waits: async (of, records, context) => {
    for (; !existsSync(OUT + '/go-on-' + of.topic); await sleep(50)) {
      context.signal.throwIfAborted();
      context.heartbeat();
    }
    return range.collect(of, records);
  },
};
export const finish = {
  sum: async (summaries, { job }) => {
    let count = 0; const ids = [];
    for await (const { range, summary } of summaries) { count += summary.count; ids.push(range.id); }
    appendFileSync(OUT + '/finished', job + '\\n');
    return { count, ids };
  },
  never: async () => { throw new Error('the bulk load was refused'); },
  big: async () => 'x'.repeat(17000),
};`;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  ranges = new RangesHarness(base);
  await base.startWorker({ REWIND_FUNCTIONS: ranges.module(MODULE) });
});
afterAll(async () => {
  ranges.close();
  await base.close();
});

async function topicWith(name: string, count: number, partitions = 1): Promise<string> {
  const topic = ranges.topics.topic(name);
  await ranges.topics.createTopic(topic, partitions);
  await ranges.topics.produce(topic, numbered(count, partitions));
  return topic;
}

/** Numbers that functions have collected of a topic, in order; each once, or it shows. */
function collected(topic: string): number[] {
  const files = readdirSync(ranges.out).filter((name) => name.startsWith(`${topic}-`));
  return files
    .flatMap((name) => JSON.parse(readFileSync(join(ranges.out, name), 'utf8')) as number[])
    .toSorted((a, b) => a - b);
}

const lines = (name: string): string[] => readFileSync(join(ranges.out, name), 'utf8').split('\n').slice(0, -1);
const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, n) => from + n);
const small = { rangeMiB: 0.002 };
const step = async (handle: WorkflowHandle): Promise<string> => (await handle.query<RangesProgress>('progress')).step;
/** Lets the function `waits` go. */
const goOn = (topic: string): void => writeFileSync(join(ranges.out, `go-on-${topic}`), '');

function jobOf(topic: string, name: string, more: Partial<RangesInput> = {}): RangesInput {
  return ranges.job({ inputs: [{ topic, group: `group-${topic}`, function: name }], ...more });
}

it('runs over every record once, in ranges, hands the summaries to finish, and moves the offsets', async () => {
  const topic = await topicWith('once', 600, 3);
  const job = jobOf(topic, 'collect', { ...small, finish: 'sum' });
  const result = await ranges.run(job);
  expect(collected(topic)).toEqual(upTo(600));
  expect(result.ranges).toBeGreaterThan(3);
  expect(result).toMatchObject({ records: '600', partitions: 3, left: {}, wentOnWith: null });
  const { count, ids } = result.finished as { count: number; ids: string[] };
  expect(count).toBe(600);
  expect(ids).toEqual(ids.toSorted((a, b) => Number(a.split('-')[1]) - Number(b.split('-')[1])));
  expect(ids.length).toBe(result.ranges);
  expect(await ranges.offsets(`group-${topic}`, topic)).toEqual({ 0: '200', 1: '200', 2: '200' });
  expect(result.groups).toMatchObject([{ kafka: 'committed', zookeeper: 'none', partitions: 3 }]);
  expect(await ranges.debris(`group-${topic}`)).toEqual([]);

  // What is consumed is not planned again; what is new is.
  const again = await ranges.run(job);
  expect(again).toMatchObject({ ranges: 0, finished: null, groups: [] });
  expect(lines('finished').length).toBe(1);
  await ranges.topics.produce(topic, numbered(30, 3, 600));
  expect(await ranges.run(job)).toMatchObject({ records: '30', finished: { count: 30 } });
  expect(collected(topic)).toEqual(upTo(630));
});

it('gives offsets, timestamps, keys, values and headers as they are, null and empty told apart', async () => {
  const topic = ranges.topics.topic('whole');
  await ranges.topics.createTopic(topic);
  await ranges.topics.produce(topic, [
    { key: 'a', value: 'one', timestamp: '1700000000000', headers: { h: ['1', '2'], empty: '' } },
    { key: null, value: null, timestamp: '1700000000001' },
    { key: '', value: '', timestamp: '1700000000002' },
  ]);
  const { finished } = await ranges.run(jobOf(topic, 'whole'));
  expect((finished as { summary: unknown }[])[0]?.summary).toEqual([
    [
      0,
      1700000000000,
      'a',
      'one',
      [
        ['h', '1'],
        ['h', '2'],
        ['empty', ''],
      ],
    ],
    [1, 1700000000001, null, null, []],
    [2, 1700000000002, '', '', []],
  ]);
});

it('calls a function that throws again, with the same range, and tells the offset that it was at', async () => {
  const topic = await topicWith('again', 20);
  const result = await ranges.run(jobOf(topic, 'breaksOnce', { retry: { initialSeconds: 0.1 } }));
  expect(result.finished).toMatchObject([{ summary: 2 }]);
  const topic2 = await topicWith('final', 20);
  const failure = await ranges.failure(jobOf(topic2, 'breaksOnce', { retry: { attempts: 1 } }));
  expect(failure.type).toBe('rewind.job.function-failed');
  expect(failure.message).toMatch(
    /final_\w+-0, range \S+: the function range\.breaksOnce threw at the records of offsets 0 to 19: the database is away \(1 of 1 attempts\)/,
  );
  expect(await ranges.offsets(`group-${topic2}`, topic2)).toEqual({});
});

it('moves no offset where one range fails for good; the next job goes on with the plan, under the same ids', async () => {
  const topic = await topicWith('goes_on', 40, 2);
  const other = await topicWith('goes_on_too', 10);
  const job = ranges.job({
    ...small,
    inputs: [
      { topic: other, group: 'goes-on', function: 'repaired' },
      { topic, group: 'goes-on', function: 'repaired' },
    ],
    concurrency: 1,
    retry: { attempts: 2, initialSeconds: 0.1 },
  });
  const failed = await ranges.start(job);
  const failure = await base.failureOf(failed);
  expect(failure.message).toContain('no such table (2 of 2 attempts)');
  expect(await ranges.offsets('goes-on', topic)).toEqual({});
  expect(await ranges.offsets('goes-on', other)).toEqual({});
  const done = lines('runs');

  // More comes meanwhile: it is not of this plan.
  await ranges.topics.produce(topic, numbered(10, 2, 40));
  expect(await ranges.failure({ ...job, rangeMiB: 1 })).toMatchObject({ type: 'rewind.job.ranges-unfinished' });
  expect((await ranges.failure({ ...job, unfinished: 'fail' })).message).toContain(failed.workflowId);
  writeFileSync(join(ranges.out, 'repaired'), '');
  const result = await ranges.run(job);
  expect(result.wentOnWith).toContain(failed.workflowId);
  expect(await ranges.offsets('goes-on', topic)).toEqual({ 0: '20', 1: '20' });
  expect(await ranges.offsets('goes-on', other)).toEqual({ 0: '10' });
  const all = lines('runs');
  expect(all.slice(0, done.length)).toEqual(done);
  expect(new Set(all).size).toBe(all.length);
  expect(await ranges.run(job)).toMatchObject({ records: '10', wentOnWith: null });
});

it('refuses a job with the same groups and topics while one runs', async () => {
  const topic = await topicWith('alone', 50);
  const job = jobOf(topic, 'waits', small);
  const first = await ranges.start(job);
  await expect.poll(() => step(first)).toBe('run');
  const failure = await ranges.failure(job);
  expect(failure.type).toBe('rewind.job.staging-in-use');
  expect(failure.message).toContain(first.workflowId);
  await first.cancel();
  await expect(first.result()).rejects.toThrow();
  expect(await ranges.offsets(`group-${topic}`, topic)).toEqual({});
  goOn(topic);
  expect(await ranges.run(job)).toMatchObject({ records: '50' });
  expect(collected(topic)).toEqual(upTo(50));
});

it('is an error where somebody else has moved the offsets meanwhile; nothing is written over', async () => {
  const topic = await topicWith('moved', 30);
  const group = `group-${topic}`;
  await ranges.setOffsets(group, topic, { 0: '5' });
  const running = await ranges.start(jobOf(topic, 'waits', small));
  await expect.poll(() => step(running)).toBe('run');
  await ranges.setOffsets(group, topic, { 0: '9' });
  goOn(topic);
  const failure = await base.failureOf(running);
  expect(failure.type).toBe('rewind.job.offsets-moved');
  expect(failure.message).toContain('partition 0: expected 5, found 9');
  expect(await ranges.offsets(group, topic)).toEqual({ 0: '9' });
  const anew = await ranges.run(jobOf(topic, 'collect', { ...small, unfinished: 'discard' }));
  expect(anew).toMatchObject({ records: '21', wentOnWith: null });
  expect(await ranges.offsets(group, topic)).toEqual({ 0: '30' });
});

it('refuses a group that consumes, before it reads anything, and where its members come while it runs', async () => {
  const topic = await topicWith('active', 30);
  const group = `group-${topic}`;
  const joined = async (): Promise<() => Promise<void>> => {
    const consumer = ranges.topics.kafka.consumer({ groupId: group });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic] });
    const member = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    // It commits nothing.
    await consumer.run({ autoCommit: false, eachMessage: async () => undefined });
    await member;
    return () => consumer.disconnect();
  };
  const leave = await joined();
  const refused = await ranges.failure(jobOf(topic, 'waits', small));
  expect(refused).toMatchObject({ type: 'rewind.job.offsets-group-active' });
  expect(refused.message).toContain(`Group ${group} has 1 active members in Kafka`);
  expect(collected(topic)).toEqual([]);
  await leave();

  const running = await ranges.start(jobOf(topic, 'waits', small));
  await expect.poll(() => step(running)).toBe('run');
  const leaveAgain = await joined();
  goOn(topic);
  expect(await base.failureOf(running)).toMatchObject({ type: 'rewind.job.offsets-group-active' });
  expect(await ranges.offsets(group, topic)).toEqual({});
  await leaveAgain();
  expect(await ranges.run(jobOf(topic, 'waits', small))).toMatchObject({ records: '30' });
  expect(await ranges.offsets(group, topic)).toEqual({ 0: '30' });
});

it.each([
  ['hurried', /returned at the records of offsets 0 to 999, and its records go up to offset 3000/],
  ['big', /returned 70002 bytes of JSON, and at most 65536 are kept/],
  ['exact', /returned what can't be JSON: .*BigInt/],
])('is the fault of the function %s, and no offset moves', async (name, message) => {
  const topic = await topicWith(`fault_${name}`, 3000);
  const failure = await ranges.failure(jobOf(topic, name, { retry: { attempts: 1 } }));
  expect(failure).toMatchObject({
    type: 'rewind.job.function-failed',
    message: expect.stringMatching(message) as string,
  });
  expect(await ranges.offsets(`group-${topic}`, topic)).toEqual({});
});

it.each([
  ['never', 'threw after 0 of 1 summaries: the bulk load was refused'],
  ['big', 'returned 17002 bytes of JSON, and at most 16384 are kept'],
])('a finish that fails, %s, moves nothing', async (finish, message) => {
  const topic = await topicWith(`unfinished_${finish}`, 10);
  const failure = await ranges.failure(jobOf(topic, 'collect', { finish, retry: { attempts: 1 } }));
  expect(failure.type).toBe('rewind.job.function-failed');
  expect(failure.message).toContain(`the function finish.${finish} ${message}`);
  expect(await ranges.offsets(`group-${topic}`, topic)).toEqual({});
});

it('decodes JSON; a value that is none ends the range, is skipped and counted, or is too many', async () => {
  const topic = await topicWith('decoded', 99);
  await ranges.topics.produce(topic, [{ value: 'no json' }, { value: null }]);
  const inputs = [{ topic, group: 'decoders', function: 'collect', decode: 'json' as const }];
  const failure = await ranges.failure(ranges.job({ inputs }));
  expect(failure.type).toBe('rewind.format.corrupt');
  expect(failure.message).toMatch(/decoded_\w+-0, offset 99: corrupt: expected JSON, found "no json"/);
  expect(
    await ranges.failure(ranges.job({ inputs: [{ ...inputs[0]!, function: 'hides', group: 'hiding' }] })),
  ).toMatchObject({
    type: 'rewind.format.corrupt',
  });
  const skip = { policy: 'skip' as const, limitPercent: 0.5 };
  const over = await ranges.failure(ranges.job({ inputs, badData: skip }));
  expect(over).toMatchObject({ type: 'rewind.job.skip-limit' });
  expect(over.message).toContain('1 of 101 records in all could not be decoded');
  const result = await ranges.run(ranges.job({ inputs, badData: { ...skip, limitPercent: 1 } }));
  expect(result).toMatchObject({ records: '100', left: { corrupt: 1 } });
  expect(result.remarks[0]).toContain('offset 99: corrupt');
  expect(await ranges.offsets('decoders', topic)).toEqual({ 0: '101' });
});

it('plans the oldest ranges first, and from a time on; a plan touches nothing', async () => {
  const topic = ranges.topics.topic('plans');
  await ranges.topics.createTopic(topic);
  const at = (n: number): string => String(1_700_000_000_000 + n * 1000);
  await ranges.topics.produce(
    topic,
    numbered(100).map((message, n) => ({ ...message, timestamp: at(n) })),
  );
  const job = jobOf(topic, 'collect', { rangeMiB: 0.0005 });
  const plan = await ranges.run<RangesOutlook>({ ...job, plan: true });
  expect(plan).toMatchObject({
    ready: true,
    offsets: '100',
    partitions: [{ from: '0', to: '100' }],
  });
  expect(await ranges.debris(`group-${topic}`)).toEqual([]);
  const one = await ranges.run({ ...job, maxRangesPerPartition: 1 });
  const done = Number(one.records);
  expect(done).toBeLessThan(90);
  expect(one).toMatchObject({ ranges: 1, offsetsLeft: String(100 - done) });
  expect(collected(topic)).toEqual(upTo(done));
  const since = new Date(Number(at(90))).toISOString();
  const late = await ranges.run({ ...job, since });
  expect(late.records).toBe('10');
  expect(late.remarks[0]).toContain(`offsets ${done} to 89, which the group has not consumed, are before since`);
  expect(await ranges.offsets(`group-${topic}`, topic)).toEqual({ 0: '100' });
  expect(await ranges.run<RangesOutlook>({ ...job, plan: { all: true } })).toMatchObject({ offsets: '100' });
});

it('a lost stretch of the log is an error, or is told', async () => {
  const topic = await topicWith('lost', 50);
  const group = `group-${topic}`;
  await ranges.setOffsets(group, topic, { 0: '10' });
  await ranges.topics.admin(async (admin) => {
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '30' }] });
  });
  const failure = await ranges.failure(jobOf(topic, 'collect'));
  expect(failure.type).toBe('rewind.job.ranges-unplannable');
  expect(failure.message).toContain('offsets 10 to 29 are lost: Kafka deleted them before they were consumed');
  const result = await ranges.run(jobOf(topic, 'collect', { gap: 'report' }));
  expect(result.records).toBe('20');
  expect(result.remarks[0]).toContain('offsets 10 to 29 are lost');
});

it('moves offsets in ZooKeeper, in the layouts of 0.8 and 0.7, all partitions of a topic in one multi', async () => {
  for (const [layout, node] of [
    ['0.8', ''],
    ['0.7', '4-'],
  ] as const) {
    const topic = await topicWith(`zk${layout.replace('.', '')}`, 40, 2);
    const group = `zk-${topic}`;
    const path = `/consumers/${group}/offsets/${topic}`;
    const offsets = { kafka: false, zookeeper: true, layout, node: 4 };
    const job = ranges.job({ inputs: [{ topic, group, function: 'collect' }], offsets });
    expect((await ranges.run(job)).groups).toMatchObject([{ zookeeper: 'committed', kafka: 'none' }]);
    const at = (partition: number) =>
      base.zookeeper(async (store) => String((await store.get(`${path}/${node}${partition}`))?.data));
    expect([await at(0), await at(1)]).toEqual(['20', '20']);
    await ranges.topics.produce(topic, numbered(2, 2, 40));
    expect(await ranges.run(job)).toMatchObject({ records: '2' });
    expect([await at(0), await at(1)]).toEqual(['21', '21']);
    expect(await ranges.offsets(group, topic)).toEqual({});
  }
});

it('refuses what it does not know before anything is begun', async () => {
  const topic = await topicWith('refused', 1);
  const unknown = await ranges.failure(jobOf(topic, 'nothing'));
  expect(unknown).toMatchObject({ type: 'rewind.job.function-unknown' });
  expect(unknown.message).toContain('no function range.nothing (of this kind it has: collect');
  expect((await ranges.failure(jobOf('no.such.topic', 'collect'))).message).toContain(
    'there is no topic no.such.topic',
  );
  const input = await ranges.failure({ inputs: [{ group: 'g', function: 'f' }] });
  expect(input).toMatchObject({ type: 'rewind.job.input-invalid' });
});
