// What NiFi flows leave on HDFS, on real servers: the fixtures come back by offset in every partition, once, with what is
// missing told; and what Rewind archives as such lines comes back as what was in the topic.
import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { readTopicToItsEnd } from '../../support/camus-archive/topic-reader.ts';
import { FIXTURES } from './fixture-expectations.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker({ REWIND_SPLIT_MIB: '0.002' });

/** Of a topic, in bytes of a message. */
const ROOM = 32 * 1024 * 1024;

type Pair = [key: string | null, value: string | null];

/** Keys and values of each partition, in their order. */
async function pairsOf(topic: string): Promise<Map<number, Pair[]>> {
  const logs = new Map<number, Pair[]>();
  await readTopicToItsEnd({ brokers: inject('stack').kafka, topic }, (partition, { key, value }) => {
    const log = logs.get(partition) ?? [];
    logs.set(partition, log);
    log.push([key === null ? null : key.toString('latin1'), value === null ? null : value.toString('latin1')]);
  });
  return logs;
}

interface Expected {
  publish: { key: string | null; payload: string | null }[];
  gaps: { from: string; to: string }[];
  duplicates: unknown[];
}

test.each(['orders-eu-west', 'topic_1.x'])('%s comes back as it was', async (topic) => {
  const { harness } = shared;
  const all = JSON.parse(readFileSync(`${FIXTURES}/expected/nifi.json`, 'utf8')) as Record<
    string,
    Record<string, Expected>
  >;
  const expected = all[topic]!;
  await harness.upload(`${FIXTURES}/nifi/${topic}`, `${harness.folder}/edl/${topic}`);
  await harness.store.write(`${harness.folder}/edl/${topic}/.not-renamed-yet`, [Buffer.from(`${topic}-0-`)]);
  const replayTopic = `${topic}_${harness.id}`;
  const job = {
    topic,
    replayTopic,
    archive: { layout: 'nifi', dest: `${harness.folder}/edl` },
    output: { partitionCount: 13 },
  };
  const result = await harness.replay(job);
  const logs = await pairsOf(replayTopic);
  const latin1 = (text: string | null): string | null => text && Buffer.from(text).toString('latin1');
  for (const [partition, { publish }] of Object.entries(expected))
    expect(logs.get(Number(partition))).toEqual(publish.map(({ key, payload }) => [latin1(key), latin1(payload)]));
  expect(logs.size).toBe(Object.keys(expected).length);
  const partitions = Object.values(expected);
  const repeats = partitions.reduce((sum, { duplicates }) => sum + duplicates.length, 0);
  if (repeats > 0) expect(result.remarks.join()).toContain(`${repeats} records stand in the archive again`);
  const gaps = partitions.flatMap((partition) => partition.gaps);
  for (const { from, to } of gaps) expect(result.remarks.join()).toContain(from === to ? from : `${from} to ${to}`);
  expect(result.leftOut).toMatchObject([{ reason: 'not data by their names', files: 1 }]);
  if (gaps.length > 0) {
    const strict = { ...job, replayTopic: `${replayTopic}_strict`, archive: { ...job.archive, gaps: 'fail' as const } };
    expect(await harness.failure(strict)).toMatchObject({ type: 'rewind.job.records-missing' });
    expect(await harness.admin((admin) => admin.fetchTopicOffsets(`${replayTopic}_strict`))).toSatisfy(
      (offsets: { high: string }[]) => offsets.every(({ high }) => high === '0'),
    );
  }
});

test.each(['offset-2-64', 'other-topic'])('a bad line, as %s, ends the job by file and byte', async (name) => {
  const { harness } = shared;
  const path = `${harness.folder}/bad-${name}/orders-eu/${name}`;
  await harness.store.write(path, [readFileSync(`${FIXTURES}/bad/nifi/orders-eu/${name}`)]);
  const failure = await harness.failure({
    topic: 'orders-eu',
    replayTopic: `bad_${name}_${harness.id}`,
    archive: { layout: 'nifi', dest: `${harness.folder}/bad-${name}` },
    output: { partitionCount: 1 },
  });
  expect(failure.type).toBe('rewind.format.corrupt');
  expect(failure.message).toMatch(new RegExp(`${path} at byte \\d+, record 0: .*expected .*, found `));
});

test.each(['text', 'nifi'] as const)('a line of 20 MB that was archived as %s comes back', async (value) => {
  const { harness } = shared;
  const archive = new ArchiveHarness(harness, `long-${value}`);
  const topic = archive.topic(`long_${value}`);
  await archive.createTopic(topic, 1, [{ name: 'max.message.bytes', value: String(ROOM) }]);
  const long = Buffer.alloc(20_000_000, 'x').toString();
  await archive.produce(topic, [{ value: 'before' }, { value: long }, { value: 'behind' }]);
  const job = archive.job({ topics: { include: [topic] }, value, files: { timeZone: 'UTC' } });
  expect(await archive.run(job)).toMatchObject({ records: '3', problems: [] });
  const replayTopic = `${topic}_again`;
  await harness.replay({
    topic,
    replayTopic: { name: replayTopic, maxMessageBytes: ROOM },
    archive: { format: value, dest: archive.dest, history: archive.history, timeZone: 'UTC' },
    ...(value === 'text' && { order: 'file' }),
  });
  const lengths: number[] = [];
  await readTopicToItsEnd({ brokers: inject('stack').kafka, topic: replayTopic }, (_partition, { value: bytes }) => {
    lengths.push(bytes?.length ?? -1);
  });
  expect(lengths).toEqual([6, 20_000_000, 6]);
});

test('a group goes on behind the last line of each partition, and not where one before it is missing', async () => {
  const { harness } = shared;
  const topic = `handed-over-${harness.id}`;
  const dest = `${harness.folder}/handed-over`;
  const write = (partition: number, offset: number): Promise<number> =>
    harness.store.write(`${dest}/${topic}/${partition}/${offset}`, [
      Buffer.from(`${topic}-${partition}-${offset}<@>k<@>v`),
    ]);
  for (const offset of [7, 8, 10]) await write(0, offset);
  await write(1, 0);
  await harness.createSource(topic, [
    { partition: 0, offset: 11n },
    { partition: 1, offset: 1n },
  ]);
  const group = `${topic}-billing`;
  const job = { topic, archive: { layout: 'nifi', dest }, offsets: { group, zookeeper: true, kafka: true } };
  const failure = await harness.failure(job);
  expect(failure.type).toBe('rewind.job.records-missing');
  expect(failure.message).toContain('partition 0: no record has the offsets 9 (1 in all)');
  await write(0, 9);
  // The topic of the job that failed is its own.
  const result = await harness.replay({ ...job, replayTopic: `${topic}_WHOLE` });
  expect(result.offsets).toMatchObject({ kafka: 'committed', zookeeper: 'committed' });
  const [offsets] = await harness.admin((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
  expect(offsets?.partitions.map(({ partition, offset }) => [partition, offset]).sort()).toEqual([
    [0, '11'],
    [1, '1'],
  ]);
});

test('what is archived as lines comes back, keys, values, partitions and order', async () => {
  const { harness } = shared;
  const archive = new ArchiveHarness(harness, 'nifi');
  const topic = archive.topic('round-trip-1');
  await archive.createTopic(topic, 3);
  const pairs: Pair[] = Array.from({ length: 900 }, (_, n) => [
    n % 7 === 0 ? null : `key ${n}\r`,
    n % 11 === 0 ? null : `<@>value ${n} \u2028<@>`,
  ]);
  await archive.produce(
    topic,
    pairs.map(([key, value], n) => ({ partition: n % 3, key, value })),
  );
  await archive.produce(topic, [{ partition: 0, key: '', value: '' }]);
  const nifi = { delimiter: '<@>' };
  const job = archive.job({ topics: { include: [topic] }, value: 'nifi', nifi, files: { timeZone: 'UTC' } });
  const archived = await archive.run(job);
  expect(archived).toMatchObject({ records: '901', left: {}, problems: [] });
  expect(archived.remarks.join()).toContain('empty key in 1, empty value in 1, null key in 129, null value in 82');
  const replayTopic = `${topic}_back`;
  await harness.replay({
    topic,
    replayTopic,
    archive: { format: 'nifi', dest: archive.dest, history: archive.history, timeZone: 'UTC' },
    output: { headers: { ordinal: false, file: false, partition: false } },
  });
  const logs = await pairsOf(replayTopic);
  const latin1 = ([key, value]: Pair): Pair => [
    key && Buffer.from(key).toString('latin1'),
    value && Buffer.from(value).toString('latin1'),
  ];
  for (const partition of [0, 1, 2]) {
    const expected = pairs.filter((_, n) => n % 3 === partition).map(latin1);
    expect(logs.get(partition)).toEqual(partition === 0 ? [...expected, [null, null]] : expected);
  }
});
