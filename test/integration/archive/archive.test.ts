// Archives of real topics on real servers: every record once, in Camus's names, with offsets from which the next run
// goes on; a quiet topic costs nothing.
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

let base: ReplayHarness;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  await base.startWorker();
});
afterAll(() => base.close());

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 20, 10);

/** Values whose times go through three hours. */
function clicks(partition: number, from: number, count: number): { partition: number; value: string }[] {
  return Array.from({ length: count }, (_, n) => {
    const time = new Date(START + Math.floor(((from + n) * 3 * HOUR) / 1000)).toISOString();
    return { partition, value: JSON.stringify({ partition, n: from + n, timestamp: time }) };
  });
}

const numbers = (lines: string[] = []): number[] =>
  lines.map((line) => (JSON.parse(line) as { n: number }).n).sort((a, b) => a - b);
const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

it('archives every record once, hour by hour, and goes on where it ended', async () => {
  const archive = new ArchiveHarness(base, 'twice');
  const topic = archive.topic('clicks');
  await archive.createTopic(topic, 2);
  await archive.produce(topic, [...clicks(0, 0, 700), ...clicks(1, 0, 400)]);
  const job = archive.job({ topics: { include: [topic] }, time: { format: 'ISO-8601' }, files: { timeZone: 'UTC' } });

  const first = await archive.run(job);
  expect(first).toMatchObject({ records: '1100', offsetsLeft: '0', problems: [] });
  const lines = await archive.lines(topic);
  expect(numbers(lines.get(0))).toEqual(range(700));
  expect(numbers(lines.get(1))).toEqual(range(400));
  const folders = (await archive.files(topic)).map(({ path }) =>
    path.slice(archive.dest.length).split('/').slice(0, -1).join('/'),
  );
  expect([...new Set(folders)]).toEqual(
    [10, 11, 12].map((hour) => `/${topic}/hourly/2026/11/20/${hour}`).slice(0, new Set(folders).size),
  );
  expect(await archive.executions()).toEqual([first.execution]);

  await archive.produce(topic, clicks(0, 700, 50));
  const second = await archive.run(job);
  expect(second).toMatchObject({ records: '50', predecessor: first.execution });
  expect(numbers((await archive.lines(topic)).get(0))).toEqual(range(750));
  const offsets = await archive.offsets();
  expect(offsets.get(`${topic}-0`)?.next).toBe(750n);
  expect(offsets.get(`${topic}-1`)?.next).toBe(400n);

  const quiet = await archive.run(job);
  expect(quiet).toMatchObject({ records: '0', files: 0 });
  expect(quiet.execution).toBeUndefined();
  expect(await archive.executions()).toHaveLength(2);
  expect(await archive.debris()).toEqual([]);
});

it('begins neither beside a Camus nor over an archive whose history is elsewhere', async () => {
  const archive = new ArchiveHarness(base, 'beside');
  const topic = archive.topic('beside');
  await archive.createTopic(topic);
  await archive.produce(topic, clicks(0, 0, 10));
  const job = archive.job({ topics: { include: [topic] }, time: { format: 'ISO-8601' }, files: { timeZone: 'UTC' } });
  await archive.run(job);
  const files = await archive.files(topic);

  // Camus begins after that run, as HDFS's clock has it.
  const camus = `${archive.exec}/${new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-')}`;
  await base.store.write(`${camus}/_temporary/0/_temporary/attempt/data`, [Buffer.from('x')]);
  await archive.produce(topic, clicks(0, 10, 10));
  await expect(archive.run(job)).rejects.toThrow(`${camus} has changed at`);
  await base.store.delete(camus, { recursive: true });

  await expect(archive.run({ ...job, exec: `${archive.exec}-misspelled` })).rejects.toThrow(
    'has no execution from which to go on',
  );
  expect(await archive.files(topic)).toEqual(files);
  expect(await archive.run(job)).toMatchObject({ records: '10' });
  expect(await archive.debris()).toEqual([]);
});
