// The circle: produce, archive, lose the topic, replay, and the group goes on with the live topic; workers that die in
// the middle of an archive change nothing of that.
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { ArchiveProgress } from '../../../workflows/archive/archive-progress.ts';
import { pauseSignal, resumeSignal } from '../../../workflows/run/messages.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ArchiveWatch } from '../../support/archive-watch.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

let base: ReplayHarness;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
});
afterAll(() => base.close());

const START = Date.UTC(2026, 10, 20, 10);

/** Records of five hours, spread over the partitions. */
function records(topic: string, count: number): { partition: number; value: string }[] {
  return Array.from({ length: count }, (_, n) => ({
    partition: n % 3,
    value: JSON.stringify({ topic, n, timestamp: new Date(START + n * Math.floor(18_000_000 / count)).toISOString() }),
  }));
}

const idsOf = (lines: Iterable<string>): number[] =>
  [...lines].map((line) => (JSON.parse(line) as { n: number }).n).sort((a, b) => a - b);

let workers: { end: (signal: 'SIGKILL') => Promise<void> }[] = [];
beforeEach(() => {
  workers = [];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
});
async function startWorker(environment: Record<string, string> = {}): Promise<void> {
  workers.push(await base.startWorker({ REWIND_HEARTBEAT_TIMEOUT_MS: '2000', ...environment }));
}

it('gives back what was lost, each record once, and the offsets at which it ends', async () => {
  const archive = new ArchiveHarness(base, 'circle');
  const topic = archive.topic('circle');
  await archive.createTopic(topic, 3);
  await archive.produce(topic, records(topic, 3_000));
  await startWorker();
  const time = { format: 'ISO-8601' };
  const archived = await archive.run(archive.job({ topics: { include: [topic] }, time, files: { timeZone: 'UTC' } }));
  expect(archived).toMatchObject({ records: '3000', problems: [] });

  await base.admin(async (admin) => {
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({
      topic,
      partitions: [0, 1, 2].map((partition) => ({ partition, offset: '1000' })),
    });
  });
  const replayed = await base.replay({
    topic,
    archive: { dest: archive.dest, history: archive.history, timeZone: 'UTC' },
    time,
    output: { encoding: 'original' },
    offsets: { group: `group-${topic}`, kafka: true, zookeeper: false },
  });
  expect(replayed.records).toMatchObject({ read: 3000, published: '3000', skipped: 0 });
  expect(replayed.offsets).toMatchObject({
    kafka: 'committed',
    offsets: [0, 1, 2].map((partition) => ({ partition: String(partition), offset: '1000' })),
  });
  const messages = await base.read(`${topic}_REPLAY`);
  expect(idsOf(messages.map(({ value }) => value.toString()))).toEqual(Array.from({ length: 3000 }, (_, n) => n));
});

it('archives each record once, however often its workers are killed', async () => {
  const archive = new ArchiveHarness(base, 'killed');
  const topic = archive.topic('killed');
  await archive.createTopic(topic, 3);
  await archive.produce(topic, records(topic, 60_000));
  const job = archive.job({
    topics: { include: [topic] },
    time: { format: 'ISO-8601' },
    files: { timeZone: 'UTC' },
    ranges: { rangeMiB: 1, concurrency: 2 },
    // So slow that there is a middle.
    rate: { records: 20_000 },
  });
  await startWorker();
  const handle = await archive.start(job);
  const watch = new ArchiveWatch(handle);
  // The first ones surely in the middle of pulls, the last ones wherever it is then.
  for (const share of [0, 0.2, 0.5]) {
    const isMiddle = await watch.reach({ step: 'pullArchive', share, delayMs: 200 });
    if (share < 0.5) expect(isMiddle).toBe(true);
    await Promise.all(workers.splice(0).map((worker) => worker.end('SIGKILL')));
    await startWorker();
  }
  expect(await handle.result()).toMatchObject({ records: '60000', problems: [] });
  const lines = await archive.lines(topic);
  expect(idsOf([...lines.values()].flat())).toEqual(Array.from({ length: 60_000 }, (_, n) => n));
  const offsets = await archive.offsets();
  for (const partition of [0, 1, 2]) expect(offsets.get(`${topic}-${partition}`)?.next).toBe(20_000n);
  expect(await archive.debris()).toEqual([]);
});

it('passes aborted records and tombstones by, counts them, and has nothing to do behind markers', async () => {
  const archive = new ArchiveHarness(base, 'markers');
  const topic = archive.topic('markers');
  await archive.createTopic(topic, 1);
  const producer = archive.kafka.producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  const send = async (count: number, from: number, end: 'commit' | 'abort'): Promise<void> => {
    const transaction = await producer.transaction();
    await transaction.send({
      topic,
      messages: Array.from({ length: count }, (_, n) => ({ value: JSON.stringify({ n: from + n }) })),
    });
    await transaction[end]();
  };
  await send(3, 0, 'commit');
  await send(2, 100, 'abort');
  await send(4, 3, 'commit');
  await archive.produce(topic, [{ key: 'k', value: null }]);
  // Nothing that is archived is behind it.
  await send(2, 200, 'abort');
  await producer.disconnect();
  await startWorker();
  const job = archive.job({ topics: { include: [topic] }, files: { timeZone: 'UTC', codec: 'none' } });
  expect(await archive.run(job)).toMatchObject({ records: '7', left: { aborted: 4, tombstone: 1 }, offsetsLeft: '0' });
  expect(idsOf((await archive.lines(topic)).get(0) ?? [])).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect((await archive.run(job)).execution).toBeUndefined();
});

it('refuses a second archive of the same place while the first goes on', async () => {
  const archive = new ArchiveHarness(base, 'second');
  const topic = archive.topic('second');
  await archive.createTopic(topic, 3);
  await archive.produce(topic, records(topic, 9_000));
  await startWorker();
  const job = archive.job({ topics: { include: [topic] }, time: { format: 'ISO-8601' }, rate: { records: 1_500 } });
  const first = await archive.start(job);
  const progress = () => first.query<ArchiveProgress>('progress');
  await expect.poll(async () => (await progress()).step, { timeout: 60_000 }).toBe('pull');
  // It stands there, however long the second one takes.
  await first.signal(pauseSignal);
  await expect.poll(async () => (await progress()).status, { timeout: 60_000 }).toBe('paused');
  const second = await archive.start(job);
  expect(await base.failureOf(second)).toMatchObject({ type: 'rewind.job.archive-running' });
  await first.signal(resumeSignal);
  expect(await first.result()).toMatchObject({ records: '9000' });
});

it('leaves nothing behind where it is cancelled before it has decided', async () => {
  const archive = new ArchiveHarness(base, 'cancelled');
  const topic = archive.topic('cancelled');
  await archive.createTopic(topic, 3);
  await archive.produce(topic, records(topic, 9_000));
  await startWorker();
  const job = archive.job({ topics: { include: [topic] }, time: { format: 'ISO-8601' }, rate: { records: 100 } });
  const handle = await archive.start(job);
  await expect
    .poll(async () => (await handle.query<{ step: string }>('progress')).step, { timeout: 60_000 })
    .toBe('pull');
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow();
  expect([await archive.debris(), await archive.executions(), await archive.files(topic)]).toEqual([[], [], []]);
  expect(await archive.run({ ...job, rate: {} })).toMatchObject({ records: '9000' });
});
