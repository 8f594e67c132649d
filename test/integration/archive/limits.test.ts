// What limits leave is told, and is the next run's work; and where partitions begin that the history doesn't know.
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readRewindJson } from '../../../activities/archive/history/rewind-json.ts';
import type { ArchiveInput } from '../../../activities/archive/job/archive-input.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

let base: ReplayHarness;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  await base.startWorker();
});
afterAll(() => base.close());

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 20, 10);

/** Records half an hour apart, in their own time and in Kafka's. */
const records = (from: number, count: number, start = START): { value: string; timestamp: string }[] =>
  Array.from({ length: count }, (_, n) => {
    const time = start + (from + n) * 30 * MINUTE;
    return { value: JSON.stringify({ n: from + n, timestamp: time }), timestamp: String(time) };
  });

interface Case {
  archive: ArchiveHarness;
  topic: string;
  job: (input?: Partial<ArchiveInput>) => ArchiveInput;
  /** What is archived of the topic, in the order of its offsets. */
  numbers: (of?: string) => Promise<number[]>;
}

async function topicWith(name: string, count: number, start?: number): Promise<Case> {
  const archive = new ArchiveHarness(base, name);
  const topic = archive.topic(name);
  await archive.createTopic(topic, 1);
  if (count > 0) await archive.produce(topic, records(0, count, start));
  return {
    archive,
    topic,
    job: (input) =>
      archive.job({
        topics: { include: [topic] },
        time: { format: 'unix_milliseconds' },
        files: { timeZone: 'UTC', folders: 'daily' },
        ...input,
      }),
    numbers: async (of = topic) =>
      ((await archive.lines(of)).get(0) ?? [])
        .map((line) => (JSON.parse(line) as { n: number }).n)
        .toSorted((a, b) => a - b),
  };
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

it.each([
  ['records', { records: 10 }],
  // Of some 60 to 100 bytes each, with what the log adds to a batch of them.
  ['bytes', { bytes: 600 }],
])('by %s: each run takes a part, the oldest first, and says what it leaves', async (name, limits) => {
  const { archive, topic, job, numbers } = await topicWith(`limit_${name}`, 25);
  let runs = 0;
  for (let done = 0; done < 25; runs += 1) {
    const result = await archive.run(job({ limits }));
    done += Number(result.records);
    expect(Number(result.records)).toBeGreaterThan(0);
    expect(result).toMatchObject({
      offsetsLeft: String(25 - done),
      lags: [{ topic, lag: String(25 - done) }],
      problems: [],
    });
    expect(await numbers()).toEqual(upTo(done));
  }
  expect(runs).toBeGreaterThan(1);
});

it('by hours of record time, told from the first record; the one beyond is taken, as with Camus', async () => {
  const { archive, job, numbers } = await topicWith('limit_hours', 12);
  const limits = { hours: 2 };
  expect(await archive.run(job({ limits }))).toMatchObject({ records: '6', offsetsLeft: '6', problems: [] });
  expect(await archive.run(job({ limits }))).toMatchObject({ records: '6', offsetsLeft: '0' });
  expect(await numbers()).toEqual(upTo(12));
});

it('by minutes: no pull begins behind them, and nothing is lost', async () => {
  const { archive, job, numbers } = await topicWith('limit_minutes', 5);
  const late = await archive.run(job({ limits: { minutes: 0.000001 } }));
  expect(late).toMatchObject({ records: '0', files: 0, offsetsLeft: '5', problems: [] });
  expect(await archive.run(job())).toMatchObject({ records: '5', offsetsLeft: '0' });
  expect(await numbers()).toEqual(upTo(5));
});

it('by days: what is older is left out, counted, and not looked at again', async () => {
  const DAYS = 86_400_000;
  const { archive, topic, job, numbers } = await topicWith('limit_days', 4, Date.now() - 10 * DAYS);
  await archive.produce(topic, records(4, 3, Date.now() - 1 * DAYS));
  const result = await archive.run(job({ limits: { historicalDays: 3 } }));
  expect(result).toMatchObject({ records: '3', left: { old: 4 }, offsetsLeft: '0' });
  expect(await numbers()).toEqual([4, 5, 6]);
  expect((await archive.run(job())).execution).toBeUndefined();
});

it('begins at the end, at a time, or at the earliest, topic by topic', async () => {
  const { archive, topic: atEnd, job, numbers } = await topicWith('start_end', 6);
  const [atTime, atFirst] = [archive.topic('start_time'), archive.topic('start_first')];
  for (const topic of [atTime, atFirst]) {
    await archive.createTopic(topic, 1);
    await archive.produce(topic, records(0, 6));
  }
  const input = job({
    topics: { include: [atEnd, atTime, atFirst] },
    start: 'latest',
    startOf: { [atTime]: new Date(START + 60 * MINUTE).toISOString(), [atFirst]: 'earliest' },
  });
  await archive.run(input);
  expect([await numbers(atEnd), await numbers(atTime), await numbers(atFirst)]).toEqual([[], [2, 3, 4, 5], upTo(6)]);
  // Where they began counts once.
  for (const topic of [atEnd, atTime, atFirst]) await archive.produce(topic, records(6, 1));
  await archive.run(input);
  expect([await numbers(atEnd), await numbers(atTime), await numbers(atFirst)]).toEqual([
    [6],
    [2, 3, 4, 5, 6],
    upTo(7),
  ]);
});

it('moves to the end of a topic, and keeps what it passed over', async () => {
  const { archive, topic, job, numbers } = await topicWith('moved', 3);
  await archive.run(job());
  await archive.produce(topic, records(3, 4));
  const moved = await archive.run(job({ moveToEnd: [topic] }));
  expect(moved).toMatchObject({ records: '0', offsetsLeft: '0', problems: [] });
  const said = await readRewindJson(base.store, `${archive.history}/${moved.execution}`, new AbortController().signal);
  expect(said?.partitions[0]).toMatchObject({ next: '7', missing: [{ from: '3', to: '7' }] });
  await archive.produce(topic, records(7, 2));
  await archive.run(job());
  expect(await numbers()).toEqual([0, 1, 2, 7, 8]);
});
