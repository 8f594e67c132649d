// On the day of the loss: runs that archived nothing of a partition (aborted, deleted, bad records) are no holes, so that
// the group gets its offsets; and a file that is gone beside others of its run is missed, by what its run says of itself.
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 20, 10);

let base: ReplayHarness;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  await base.startWorker();
});
afterAll(() => base.close());

/** Records of two hours, so of two files a partition and run. */
const records = (partition: number): { partition: number; value: string }[] =>
  Array.from({ length: 20 }, (_, n) => ({
    partition,
    value: JSON.stringify({ n, timestamp: new Date(START + (n % 2) * HOUR + n).toISOString() }),
  }));

it('a run that archived nothing of a partition withholds no offsets, and one that has lost a file does', async () => {
  const archive = new ArchiveHarness(base, 'told');
  const topic = archive.topic('told');
  await archive.createTopic(topic, 3);
  const time = { format: 'ISO-8601' };
  const job = archive.job({
    topics: { include: [topic] },
    time,
    files: { timeZone: 'UTC' },
    badData: { policy: 'skip' },
  });
  await archive.produce(topic, [0, 1, 2].flatMap(records));
  expect(await archive.run(job)).toMatchObject({ records: '60', problems: [] });

  const producer = archive.kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: records(0) });
  await transaction.abort();
  await producer.disconnect();
  await archive.produce(topic, [
    ...Array.from({ length: 5 }, (_, n) => ({ partition: 1, key: `k${n}`, value: null })),
    ...Array.from({ length: 5 }, () => ({ partition: 2, value: 'two\nlines' })),
  ]);
  expect(await archive.run(job)).toMatchObject({
    records: '0',
    left: { aborted: 20, tombstone: 5, delimiter: 5 },
    problems: [],
  });
  const ends = [41, 25, 25].map((offset, partition) => ({ partition: String(partition), offset: String(offset) }));

  // The topic's records are lost.
  await archive.admin(async (admin) => {
    await admin.fetchTopicOffsets(topic);
    const partitions = ends.map(({ partition, offset }) => ({ partition: Number(partition), offset }));
    await admin.deleteTopicRecords({ topic, partitions });
  });
  const replay = (again: string): ReplayInput => ({
    topic,
    archive: { dest: archive.dest, history: archive.history, timeZone: 'UTC' },
    time,
    output: { encoding: 'original' },
    replayTopic: { name: `${topic}_${again}` },
    offsets: { group: `${again}-${topic}`, kafka: true, zookeeper: false },
  });
  const whole = await base.replay(replay('whole'));
  expect(whole.records).toMatchObject({ read: 60, published: '60', skipped: 0 });
  expect(whole.offsets).toMatchObject({ kafka: 'committed', offsets: ends });
  const said = whole.remarks.join('\n');
  expect(said).not.toMatch(/no file holds|fewer|not whole|lost files/);
  expect(said).toMatch(/partition 2: of the offsets 20 to 24 .*5 bad records.*errors/);
  expect(said).toMatch(/left out by executions.*20 aborted.*5 tombstone/);

  const [file] = (await archive.files(topic)).filter(({ partition }) => partition === 1);
  await base.store.delete(file!.path);
  const short = await base.replay(replay('short'));
  expect(short.records).toMatchObject({ published: '50' });
  expect(short.offsets).toMatchObject({ kafka: 'withheld' });
  expect(short.remarks.join('\n')).toMatch(/partition 1: files hold 10 of the 20 records.*offsets 0 to 19/);
});
