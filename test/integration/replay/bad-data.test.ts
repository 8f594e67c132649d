// Bytes that can't be read: by default the job ends with the file, the place, and expected against found; under "skip"
// what can be read is published, and what can't is counted and written down, up to a limit.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { zooKeeperOffsets } from '../../support/group-offsets.ts';
import { uniqueTopic, writeCamusFile, writeTestArchive } from '../../support/test-archive.ts';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import { OneWorker } from './one-worker.ts';

const BAD = fileURLToPath(new URL('../../fixtures/bad', import.meta.url));

const shared = new OneWorker();

/** In the bucket of the file, as the times of the bad ones are. */
const AT = Date.UTC(2014, 10, 2, 8);

/** A good file of `good` records, and beside it one of the bad ones under a name that tells no count. */
async function archiveWith(bad: string, good = 20): Promise<{ job: ReplayInput; badPath: string; topic: string }> {
  const { harness } = shared;
  const topic = uniqueTopic();
  const dest = `${harness.folder}/${topic}`;
  const schema = await readFile(`${BAD}/schemas/reader.avsc`, 'utf8');
  const records = Array.from({ length: good }, (_, id) => ({ time: AT + id, id, body: `good ${id}` }));
  const path = await writeCamusFile(harness, { dest, topic, schema: JSON.parse(schema) as object, records });
  const badPath = `${path.slice(0, path.lastIndexOf('/'))}/${bad}`;
  await harness.store.write(badPath, [await readFile(`${BAD}/avro/${bad}`)]);
  await harness.store.write(`${dest}/reader.avsc`, [Buffer.from(schema)]);
  return { job: { topic, archive: { dest }, output: { schema: `${dest}/reader.avsc` } }, badPath, topic };
}

async function errorLines(job: ReplayInput): Promise<Record<string, unknown>[]> {
  const { store, folder } = shared.harness;
  const lines: Record<string, unknown>[] = [];
  for await (const { path, kind } of store.list(`${folder}/staging/${job.topic}`))
    if (kind === 'directory' && path.endsWith('.errors'))
      for await (const file of store.list(path)) {
        const text = Buffer.from(await store.read(file.path, 0, file.length)).toString();
        lines.push(
          ...text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as Record<string, unknown>),
        );
      }
  return lines;
}

async function logEnds(topic: string): Promise<string[]> {
  const offsets = await shared.harness.admin((admin) => admin.fetchTopicOffsets(topic));
  return offsets.map(({ high }) => high);
}

const FAULTS: [string, string, RegExp][] = [
  ['truncated-mid-block.avro', 'rewind.format.truncated', / at byte \d+.*: expected .*, found /],
  ['wrong-sync.avro', 'rewind.format.corrupt', / at byte \d+.*: expected .*, found /],
  ['deflate-damaged.avro', 'rewind.format.corrupt', / at byte \d+/],
  ['not-resolvable.avro', 'rewind.format.schema', /body|id/],
  ['null-for-string.avro', 'rewind.format.schema', / at byte \d+, record 2: .*body.*: expected .*, found /],
  ['zero-bytes.avro', 'rewind.format.truncated', / at byte 0/],
];

test.each(FAULTS)('%s ends the job before anything is published', async (bad, type, place) => {
  const { job, badPath, topic } = await archiveWith(bad);
  const failure = await shared.harness.failure(job);
  expect(failure.type).toBe(type);
  expect(failure.message.startsWith(badPath)).toBe(true);
  expect(failure.message).toMatch(place);
  expect(failure.message).toContain('set badData.policy to "skip"');
  // It was found before the replay topic was even created.
  expect(await shared.harness.admin((admin) => admin.listTopics())).not.toContain(`${topic}_REPLAY`);
});

test('a file that holds fewer records than its name counts is an error, though it looks whole', async () => {
  const { harness } = shared;
  const topic = uniqueTopic();
  const dest = `${harness.folder}/${topic}`;
  const bytes = await readFile(`${BAD}/avro/bad.0.3.200.200.1414915200000.avro`);
  await harness.store.write(`${dest}/${topic}/hourly/2014/11/02/00/${topic}.0.3.200.200.1414915200000.avro`, [bytes]);
  const failure = await harness.failure({ topic, archive: { dest } });
  expect(failure.type).toBe('rewind.format.truncated');
  expect(failure.message).toContain('expected 200 records, found 60');
});

test('skip publishes what can be read, and keeps the reasons beside the staging that is gone', async () => {
  const { harness } = shared;
  const { job, badPath, topic } = await archiveWith('null-for-string.avro');
  const result = await harness.replay({ ...job, badData: { policy: 'skip', limitPercent: 50 } });
  expect(result.records.skipped).toBe(1);
  expect(Number(result.records.published)).toBe(result.records.read - 1);
  const messages = await harness.read(`${topic}_REPLAY`);
  expect(messages.length).toBe(Number(result.records.published));
  expect(messages.filter(({ value }) => value.toString().includes('"good ')).length).toBe(20);
  expect(await errorLines(job)).toMatchObject([{ file: badPath, fault: 'schema', ordinal: 2, records: 1 }]);
  const left: string[] = [];
  for await (const { path } of harness.store.list(`${harness.folder}/staging/${topic}`)) left.push(path);
  expect(left.length).toBe(1);
  expect(left[0]).toMatch(/\.errors$/);
});

test('a truncated file is skipped from its broken block on', async () => {
  const { harness } = shared;
  const { job, badPath, topic } = await archiveWith('truncated-mid-block.avro');
  const result = await harness.replay({ ...job, badData: { policy: 'skip', limitPercent: 90 } });
  // Java reads 60 records before the cut (test/fixtures/bad/README.md).
  expect(result.records.published).toBe('80');
  expect(result.records.skipped).toBeGreaterThan(0);
  expect((await harness.read(`${topic}_REPLAY`)).length).toBe(80);
  expect(await errorLines(job)).toMatchObject([{ file: badPath, fault: 'truncated' }]);
});

test('more than limitPercent ends the job before anything is published, and says where the reasons are', async () => {
  const { job, topic } = await archiveWith('null-for-string.avro', 90);
  const failure = await shared.harness.failure({ ...job, badData: { policy: 'skip', limitPercent: 1 } });
  expect(failure.type).toBe('rewind.job.skip-limit');
  expect(failure.message).toMatch(/^1 of 9\d records \(1\.\d+ per cent\)/);
  expect(failure.message).toContain('.errors');
  expect(await logEnds(`${topic}_REPLAY`)).toEqual(['0']);
  expect((await errorLines(job)).length).toBe(1);
});

test('offsets are withheld where records were skipped', async () => {
  const { harness } = shared;
  const { archive, topic, replayTopic, job } = await writeTestArchive(harness, { records: 500 });
  const stranger = archive.layout().files[0]!.path.replace(/[^/]+$/, 'stranger.avro');
  await harness.store.write(stranger, [await readFile(`${BAD}/avro/null-for-string.avro`)]);
  await harness.createSource(topic, archive.offsets());
  const group = `skipped-${topic}`;
  const badData = { policy: 'skip' as const, limitPercent: 50 };
  const result = await harness.replay({ ...job, badData, offsets: { group } });
  expect(result.offsets.zookeeper).toBe('withheld');
  expect(result.remarks.join()).toMatch(/since \d+ records were skipped; set offsets\.evenIfPartial/);
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual({});
  expect(await errorLines(job)).toMatchObject([{ file: stranger, fault: 'schema' }]);
  expect((await harness.read(replayTopic)).length).toBe(500);
});
