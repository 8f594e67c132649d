// A job for an afternoon: the range is half-open, files that can't hold any of it are not read and are reported, and
// since the replay is partial, offsets are committed only if the job says so.
import { expect, test } from 'vitest';
import { expectedOffsets, zooKeeperOffsets } from '../../support/group-offsets.ts';
import { writeTestArchive, type TestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();
const HOUR = 3_600_000;

/** Truth of the records in [from, to): their JSON texts in order. */
function recordsIn({ archive }: TestArchive, from: number, to: number): string[] {
  return [...archive.truth()].filter(({ time }) => time >= from && time < to).map(({ json }) => json);
}

async function replayed(topic: string): Promise<string[]> {
  return (await shared.harness.read(topic)).map(({ value }) => value.toString());
}

test('takes the records from `from` on and before `to`, and reads no file that can hold none of them', async () => {
  const { harness } = shared;
  const made = await writeTestArchive(harness, { hours: 6 });
  const { archive, replayTopic, job } = made;
  const truth = archive.truth();
  // Both ends are times of records: the first is in, the last is not.
  const [from, to] = [truth.time(Math.floor(truth.total * 0.7)), truth.time(Math.floor(truth.total * 0.85))];
  const result = await harness.replay({ ...job, from, to });
  const expected = recordsIn(made, from, to);
  expect(await replayed(replayTopic)).toEqual(expected);
  expect(result.records).toMatchObject({ published: String(expected.length), skipped: 0 });
  expect(result.records.read).toBe(expected.length + result.records.outOfRange);
  expect(result.records.outOfRange).toBeGreaterThan(0);
  const [left] = result.leftOut;
  expect(left?.reason).toBe('outside of the time range by their names');
  expect(result.files + (left?.files ?? 0)).toBe(truth.files.length);
  expect(left?.files).toBeGreaterThan(5);
  expect(left?.examples[0]).toMatch(/\.avro$/);
});

test('an afternoon in ISO-8601 with a zone is the same as in milliseconds; readAllFiles reads every file', async () => {
  const { harness } = shared;
  // A bucket's records may be an hour off on both sides: hours enough that some files can hold none of the range.
  const made = await writeTestArchive(harness, { hours: 6 });
  const { archive, topic, job } = made;
  const start = archive.description.options.start;
  const [from, to] = [start + HOUR, start + 2 * HOUR];
  // 00:00 in Los Angeles is 07:00 UTC.
  expect(new Date(start).toISOString()).toBe('2014-10-30T07:00:00.000Z');
  const iso = { from: '2014-10-30T01:00:00-07:00', to: '2014-10-30T09:00:00Z' };
  const [inIso, inMillis] = [`${topic}_iso`, `${topic}_millis`];
  const all = await harness.replay({
    ...job,
    ...iso,
    replayTopic: inIso,
    archive: { ...job.archive, readAllFiles: true },
  });
  const some = await harness.replay({ ...job, from, to, replayTopic: inMillis });
  const expected = recordsIn(made, from, to);
  expect(await replayed(inIso)).toEqual(expected);
  expect(await replayed(inMillis)).toEqual(expected);
  expect(all).toMatchObject({ files: archive.truth().files.length, leftOut: [] });
  expect(all.records.read).toBe(archive.truth().total);
  expect(some.files).toBeLessThan(all.files);
});

test('offsets are withheld for a range, and committed all the same with evenIfPartial', async () => {
  const { harness } = shared;
  const { archive, topic, job } = await writeTestArchive(harness);
  const from = archive.description.options.start + HOUR;
  const group = `range-${topic}`;
  await harness.createSource(topic, archive.offsets());
  const withheld = await harness.replay({ ...job, from, offsets: { group, kafka: true } });
  expect(withheld.offsets).toMatchObject({ zookeeper: 'withheld', kafka: 'withheld' });
  expect(withheld.remarks.join()).toContain('the job has a time range; set offsets.evenIfPartial');
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual({});
  const committed = await harness.replay({
    ...job,
    from,
    replayTopic: `${topic}_2`,
    offsets: { group, evenIfPartial: true },
  });
  expect(committed.offsets.zookeeper).toBe('committed');
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual(expectedOffsets(archive));
});

test('a range within the archive that holds no record publishes none, and one outside of it is an error', async () => {
  const { harness } = shared;
  const { archive, topic, job } = await writeTestArchive(harness);
  const { start } = archive.description.options;
  const truth = archive.truth();
  const last = truth.time(truth.total - 1);
  const result = await harness.replay({ ...job, from: last + 1, to: last + 2 });
  expect(result.records.published).toBe('0');
  expect(result.firstTime).toBeUndefined();
  const failure = await harness.failure({ ...job, to: start - 48 * HOUR, replayTopic: `${topic}_2` });
  expect(failure.type).toBe('rewind.job.no-input-files');
  expect(failure.message).toContain(`${truth.files.length} outside of the time range by their names`);
});
