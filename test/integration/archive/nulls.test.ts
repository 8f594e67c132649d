// Null and empty: what files of values can't hold is counted and passed in one run, and what is empty is not taken for null.
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

let base: ReplayHarness;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  await base.startWorker();
});
afterAll(() => base.close());

it.each(['text', 'sequence-file'] as const)(
  'as %s: a record without a value is counted, one with an empty value is there, and keys make no difference',
  async (format) => {
    const archive = new ArchiveHarness(base, format);
    const topic = archive.topic(`nulls-${format}`);
    await archive.createTopic(topic, 1);
    const timestamp = String(Date.UTC(2026, 10, 20, 10));
    await archive.produce(
      topic,
      [
        { key: 'k1', value: 'v' },
        { key: 'k1', value: null },
        { key: null, value: 'without a key' },
        { key: null, value: null },
        { key: '', value: '' },
        { key: 'k1', value: 'w' },
        { key: 'k1', value: null },
      ].map((message) => ({ ...message, timestamp })),
    );
    const job = archive.job({
      topics: { include: [topic] },
      value: 'text',
      files: { format, codec: 'none', timeZone: 'UTC' },
    });
    expect(await archive.run(job)).toMatchObject({
      ...{ records: '4', left: { tombstone: 3 }, offsetsLeft: '0', problems: [] },
    });
    expect((await archive.offsets()).get(`${topic}-0`)?.next).toBe(7n);
    expect(await archive.files(topic)).toMatchObject([{ count: 4, nextOffset: 6n }]);
    if (format === 'text') expect((await archive.lines(topic)).get(0)).toEqual(['v', 'without a key', '', 'w']);
    expect((await archive.run(job)).execution).toBeUndefined();
  },
);
