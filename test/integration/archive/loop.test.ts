// The loop of backup and restore: an archive that runs again and again while a replay goes into its source topic itself
// doesn't archive a second time what came from it, and goes on with what is new.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { ArchiveResult } from '../../../workflows/archive/archive-result.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

let base: ReplayHarness;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  await base.startWorker();
});
afterAll(() => base.close());

const START = Date.UTC(2026, 10, 20, 10);
const RECORDS = 120;

const record = (n: number): { value: string; headers: Record<string, string> } => ({
  value: JSON.stringify({ n, timestamp: new Date(START + n * 1000).toISOString() }),
  headers: { trace: `t${n}` },
});
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);
const idsOf = (lines: string[] = []): number[] =>
  lines.map((line) => (JSON.parse(line) as { n: number }).n).sort((a, b) => a - b);

it('archives each record once, though the topic was restored from the archive while it ran every second', async () => {
  const archive = new ArchiveHarness(base, 'loop');
  const topic = archive.topic('looped');
  const time = { format: 'ISO-8601' };
  const settings = [{ name: 'retention.ms', value: '-1' }];
  const job = archive.job({
    topics: { include: [`${topic}.*`] },
    time,
    files: { timeZone: 'UTC', codec: 'none' },
    recreated: 'continue-at-earliest',
  });
  await archive.createTopic(topic, 1, settings);
  await archive.produce(topic, numbers(0, RECORDS).map(record));
  expect(await archive.run(job)).toMatchObject({ records: String(RECORDS), left: {}, problems: [] });

  await archive.admin(async (admin) => {
    await admin.deleteTopics({ topics: [topic] });
    while ((await admin.listTopics()).includes(topic)) await sleep(50);
  });
  await archive.createTopic(topic, 1, settings);
  let replayed = false;
  const replay = base
    .replay({
      topic,
      replayTopic: { name: topic, allowSource: true, unsafeSettings: 'accept' },
      archive: { dest: archive.dest, timeZone: 'UTC' },
      time,
      output: { encoding: 'original' },
      rate: { records: 40 },
    })
    .finally(() => {
      replayed = true;
    });
  const runs: ArchiveResult[] = [];
  while (!replayed) {
    runs.push(await archive.run(job));
    await sleep(1000);
  }
  expect(await replay).toMatchObject({ records: { published: String(RECORDS) } });
  await archive.produce(topic, numbers(RECORDS, RECORDS + 5).map(record));
  runs.push(await archive.run(job));

  expect(idsOf((await archive.lines(topic)).get(0))).toEqual(numbers(0, RECORDS + 5));
  expect(runs.reduce((sum, { left }) => sum + (left['replayed'] ?? 0), 0)).toBe(RECORDS);
  expect(runs.at(-1)!.remarks.join()).toContain(topic);
  expect((await archive.run(job)).execution).toBeUndefined();

  const kept = new ArchiveHarness(base, 'loop-kept');
  const keep = kept.job({ ...job, dest: kept.dest, exec: kept.exec, topics: { include: [topic] }, replayed: 'keep' });
  expect(await kept.run(keep)).toMatchObject({ records: String(RECORDS + 5), left: {} });
  expect(idsOf((await kept.lines(topic)).get(0))).toEqual(numbers(0, RECORDS + 5));
});

it('archives records that have the headers of a replay in a topic that no replay fills', async () => {
  const archive = new ArchiveHarness(base, 'given-on');
  const topic = archive.topic('derived');
  await archive.createTopic(topic, 1);
  const passedOn = { ...record(1), headers: { 'rewind-ordinal': '1', 'rewind-partition': '0' } };
  await archive.produce(topic, [passedOn, record(2)]);
  expect(await archive.run(archive.job({ topics: { include: [topic] } }))).toMatchObject({ records: '2', left: {} });
});
