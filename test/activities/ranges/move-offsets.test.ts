// Offsets move once and wholly: a worker that dies between ZooKeeper and Kafka or between two groups, one that wakes late,
// and a topic that was made anew with as many records.
import { beforeEach, expect, it } from 'vitest';
import { countRecords, MemoryRanges } from '../../support/memory-ranges.ts';

const inputs = [{ topic: 't', group: 'g', function: 'count' }];

let ranges: MemoryRanges;
beforeEach(() => {
  ranges = new MemoryRanges({ range: { count: countRecords } });
});

/** A worker that dies before the given call, the first time that it comes to it. */
function dieBefore(call: string, name: string): void {
  let dead = false;
  ranges.kafka.interruption = (of, when) => {
    if (dead || when !== 'before' || of.call !== call || of.name !== name) return;
    dead = true;
    throw new Error('the worker is killed');
  };
}

it('moves what is left where a worker dies behind ZooKeeper and one of two groups, even if consumers moved on', async () => {
  await ranges.topic('t', ['a', 'b'], ['c']);
  await ranges.topic('u', ['d']);
  const job = await ranges.validate({
    inputs: [...inputs, { topic: 'u', group: 'g', function: 'count' }, { topic: 't', group: 'h', function: 'count' }],
    offsets: { zookeeper: true },
  });
  await ranges.runAll(job);
  dieBefore('commit', 'rewind.offsets.h');
  await expect(ranges.move(job)).rejects.toThrow('killed');
  expect(await ranges.offsets('g', 't')).toEqual({ 0: 2, 1: 1 });
  expect(await ranges.offsets('h', 't')).toEqual({});
  // Consumers of what has moved go on meanwhile, in both places.
  ranges.commit('g', 't', { 0: 3 });
  ranges.zookeeper.put('/consumers/g/offsets/t/0', '3');
  expect((await ranges.move(job)).groups).toMatchObject([
    { group: 'g', zookeeper: 'already', kafka: 'already' },
    { group: 'h', zookeeper: 'already', kafka: 'committed' },
  ]);
  expect(await ranges.offsets('g', 't')).toEqual({ 0: 3, 1: 1 });
  expect(await ranges.offsets('g', 'u')).toEqual({ 0: 1 });
  expect(await ranges.offsets('h', 't')).toEqual({ 0: 2, 1: 1 });
  expect(String((await ranges.zookeeper.get('/consumers/g/offsets/t/0'))?.data)).toBe('3');
});

it('is not set back by a worker that slept before it fenced, while another moved them and the next job, too', async () => {
  await ranges.topic('t', ['a', 'b']);
  const job = await ranges.validate({ inputs });
  await ranges.runAll(job);
  let slept = false;
  ranges.kafka.interruption = async ({ call }, when) => {
    if (slept || call !== 'openPublisher' || when !== 'before') return;
    slept = true;
    await ranges.move(job);
    await ranges.clean(job);
    ranges.running.delete(job.id);
    await ranges.append('t', 0, ['c']);
    await ranges.whole({ inputs });
  };
  await expect(ranges.move(job)).rejects.toMatchObject({ code: 'offsets-moved' });
  expect(await ranges.offsets('g', 't')).toEqual({ 0: 3 });
});

it('moves nothing at all where one of the groups is in the way', async () => {
  await ranges.topic('t', ['a']);
  const job = await ranges.validate({ inputs: [...inputs, { topic: 't', group: 'h', function: 'count' }] });
  await ranges.runAll(job);
  ranges.kafka.groups.members.set('h', 1);
  await expect(ranges.move(job)).rejects.toMatchObject({ code: 'offsets-group-active' });
  expect(await ranges.offsets('g', 't')).toEqual({});
  ranges.kafka.groups.members.delete('h');
  ranges.commit('h', 't', { 0: 1 });
  await expect(ranges.move(job)).rejects.toMatchObject({ code: 'offsets-moved' });
  expect(await ranges.offsets('g', 't')).toEqual({});
});

it('knows a topic that was made anew with as many records, and reads it once', async () => {
  await ranges.topic('t', ['a', 'b']);
  await ranges.whole({ inputs });
  const [before] = (await ranges.kafka.describeGroup('g', 't')).offsets;
  ranges.kafka.deleteTopic('t');
  await ranges.topic('t', ['c', 'd']);
  // Groups keep offsets of a topic that is deleted by another way than through the brokers' own clean-up.
  ranges.commit('g', 't', { 0: 2 }, before!.metadata);
  const anew = { inputs, recreated: 'continue-at-earliest' as const };
  expect((await ranges.whole(anew)).finished).toMatchObject([{ summary: 2 }]);
  expect(await ranges.plan(await ranges.validate(anew))).toMatchObject({ ranges: 0 });
});

it('lists few enough of the offsets that it has moved', async () => {
  const topic = 't'.repeat(200);
  await ranges.topic(topic, ...Array.from({ length: 50 }, () => ['a']));
  const groups = Array.from({ length: 20 }, (_, number) => `${'g'.repeat(100)}-${number}`);
  const job = await ranges.validate({ inputs: groups.map((group) => ({ topic, group, function: 'count' })) });
  await ranges.plan(job);
  const moved = await ranges.move(job);
  expect(moved.groups.length).toBe(20);
  expect(moved.groups[19]).toMatchObject({ partitions: 50 });
  expect(moved.groups[0]!.offsets.length).toBeGreaterThan(2);
  expect(Buffer.byteLength(JSON.stringify(moved))).toBeLessThan(32 * 1024);
});
