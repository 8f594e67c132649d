// The loop of backup and restore: an archive that runs again and again while a replay goes into its source topic itself
// doesn't archive a second time what came from it, and goes on with what is new.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { ArchiveResult } from '../../../workflows/archive/archive-result.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { LoopedTopic } from '../../support/looped-topic.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

let base: ReplayHarness;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  await base.startWorker();
});
afterAll(() => base.close());

const RECORDS = 120;
const numbers = (count: number): number[] => [...Array(count).keys()];

it('archives each record once, though the topic was restored from the archive while it ran every second', async () => {
  const looped = await LoopedTopic.open(base, RECORDS);
  const { archive, topic } = looped;
  const job = { ...looped.job, topics: { include: [`${topic}.*`] } };
  expect(await archive.run(job)).toMatchObject({ records: String(RECORDS), left: {}, problems: [] });

  await looped.lose();
  const runs: ArchiveResult[] = [];
  const replayed = await looped.restore(40, async () => {
    runs.push(await archive.run(job));
    await sleep(1000);
  });
  expect(replayed).toMatchObject({ records: { published: String(RECORDS) } });
  await looped.produce(RECORDS, RECORDS + 5);
  runs.push(await archive.run(job));

  expect(await looped.archived()).toEqual(numbers(RECORDS + 5));
  expect(runs.reduce((sum, { left }) => sum + (left['replayed'] ?? 0), 0)).toBe(RECORDS);
  expect(runs.at(-1)!.remarks.join()).toContain(topic);
  expect((await archive.run(job)).execution).toBeUndefined();

  const kept = new ArchiveHarness(base, 'loop-kept');
  const keep = kept.job({ ...job, dest: kept.dest, exec: kept.exec, topics: { include: [topic] }, replayed: 'keep' });
  expect(await kept.run(keep)).toMatchObject({ records: String(RECORDS + 5), left: {} });
  expect(await looped.archived(kept)).toEqual(numbers(RECORDS + 5));
});

it('archives records that have the headers of a replay in a topic that no replay fills', async () => {
  const archive = new ArchiveHarness(base, 'given-on');
  const topic = archive.topic('derived');
  await archive.createTopic(topic, 1);
  const passedOn = { value: '{"n":1}', headers: { 'rewind-ordinal': '1', 'rewind-partition': '0' } };
  await archive.produce(topic, [passedOn, { value: '{"n":2}' }]);
  expect(await archive.run(archive.job({ topics: { include: [topic] } }))).toMatchObject({ records: '2', left: {} });
});
