// Archives that are laid out or compressed otherwise than Camus's hourly Avro: found by themselves, and replayed.
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { badFiles } from '../../formats/support/fixture-files.ts';
import { expectedLines, expectJson, FIXTURES } from './fixture-expectations.ts';
import { OneWorker } from './one-worker.ts';

const TINY = fileURLToPath(new URL('../../java-archives/tiny', import.meta.url));
const MILLIS_IN_TS = { field: 'ts', format: 'unix_milliseconds' };
const shared = new OneWorker();

test('lines in every compression are found by themselves', async () => {
  const { harness } = shared;
  const files = (await readdir(TINY)).filter((name) => name.startsWith('lines'));
  expect(files.map((name) => name.slice('lines'.length)).sort()).toEqual(
    ['', '.deflate', '.gz', '.lz4', '.snappy', '.zst'].sort(),
  );
  const input = `${harness.folder}/lines`;
  for (const name of files) await harness.store.write(`${input}/${name}`, [await readFile(`${TINY}/${name}`)]);
  const replayTopic = `lines_${harness.id}`;
  await harness.replay({ topic: 'lines', replayTopic, archive: { input }, time: MILLIS_IN_TS });
  const lines = (await readFile(`${TINY}/lines`, 'utf8')).trimEnd().split('\n');
  const found = (await harness.read(replayTopic)).map(({ value }) => value.toString());
  expect(found).toEqual(lines.flatMap((line) => files.map(() => line)));
});

/** A line of so many milliseconds after the beginning of the bucket. */
const line = (at: number): string => `{"ts":${1_414_915_200_000 + at}}\n`;

const LAYOUTS: [string, string, (dest: string) => object][] = [
  ['daily', 'clicks/daily/2014/11/02', (dest) => ({ dest, subDir: 'daily' })],
  ['deeper', 'clicks/archive/v2/2014/11/02/01/30', (dest) => ({ dest, subDir: 'archive/v2' })],
  ['flat', 'clicks/all', (dest) => ({ input: `${dest}/clicks/all` })],
  ['hourly', 'clicks/hourly/2014/11/02/01', (dest) => ({ dest })],
];

test.each(LAYOUTS)('%s folders, files of no bytes and of no records among them', async (name, folder, archive) => {
  const { harness } = shared;
  const dest = `${harness.folder}/${name}`;
  const put = (file: string, text: string): Promise<number> =>
    harness.store.write(`${dest}/${folder}/${file}`, [Buffer.from(text)]);
  await put('clicks.0.0.2.12.1414915200000', line(3) + line(1));
  await put('clicks.0.0.0.12.1414915200000', '');
  await put('clicks.0.1.1.7.1414915200000', line(2));
  // Beside the sub-folder: of another kind, and not read.
  await harness.store.write(`${dest}/clicks/other/clicks.0.0.1.1.1414915200000`, [Buffer.from(line(9))]);
  const replayTopic = `clicks_${name}_${harness.id}`;
  const result = await harness.replay({ topic: 'clicks', replayTopic, archive: archive(dest), time: MILLIS_IN_TS });
  expect(result).toMatchObject({ order: 'time', records: { published: '3', skipped: 0 } });
  const values = (await harness.read(replayTopic)).map(({ value }) => value.toString());
  expect(values).toEqual([1, 2, 3].map((at) => line(at).trimEnd()));
});

test.each(['avro', 'seq', 'text'])(
  'all bad %s files in one archive: what can be read comes out, the rest is told',
  async (kind) => {
    const { harness } = shared;
    const input = `${harness.folder}/bad-${kind}`;
    const bad = badFiles(kind).filter((one) => (one as { schema?: string }).schema !== 'own');
    for (const { file } of bad)
      await harness.store.write(`${input}/${basename(file)}`, [await readFile(`${FIXTURES}/${file}`)]);
    const schema = `${harness.folder}/reader-${kind}.avsc`;
    await harness.store.write(schema, [await readFile(`${FIXTURES}/bad/schemas/reader.avsc`)]);
    const result = await harness.replay({
      topic: `bad-${kind}`,
      replayTopic: `bad_${kind}_${harness.id}`,
      archive: { input, strayTimes: 'report' }, // some lines have times of 1970
      badData: { policy: 'skip', limitPercent: 100 },
      ...(kind === 'avro' ? { output: { schema } } : {}),
      ...(kind === 'text' ? { time: MILLIS_IN_TS } : {}),
    });
    const { read, skipped, published, skippedBy } = result.records;
    expect(Number(published)).toBe(read - skipped);
    expect(Object.values(skippedBy).reduce((sum, count) => sum + count, 0)).toBe(skipped);
    expect((await harness.read(`bad_${kind}_${harness.id}`)).length).toBe(Number(published));
    const atLeast = bad.reduce((sum, { recordsBefore }) => sum + (recordsBefore ?? 0), 0);
    expect(Number(published)).toBeGreaterThanOrEqual(atLeast);
    const named = new Set<string>();
    for await (const folder of harness.store.list(`${harness.folder}/staging/bad-${kind}`))
      for await (const file of harness.store.list(folder.path))
        for (const line of Buffer.from(await harness.store.read(file.path, 0, file.length))
          .toString()
          .trimEnd()
          .split('\n'))
          named.add(basename((JSON.parse(line) as { file: string }).file));
    const expected = bad
      .filter(({ verdict }) => verdict === 'error' || verdict === 'limit')
      .map(({ file }) => basename(file));
    expect(expected.filter((name) => !named.has(name))).toEqual([]);
  },
);

test('names that would break a URL, a glob or a path are read as they are, and stay in their place', async () => {
  const { harness } = shared;
  const root = `${harness.folder}/odd paths`;
  await harness.upload(`${FIXTURES}/bad/paths/camus/dest`, root);
  const replayTopic = `odd_paths_${harness.id}`;
  const result = await harness.replay({
    topic: 'odd-paths',
    replayTopic,
    archive: { input: root },
    output: { headers: { file: true } },
  });
  expect(result.records.skipped).toBe(0);
  const messages = await harness.read(replayTopic);
  expectJson(messages, await expectedLines('bad-paths.jsonl'));
  const files = new Set(messages.map(({ headers }) => headers['rewind-file']));
  expect(files.size).toBe(3);
  for (const file of files) expect((await harness.store.status(file!))?.kind).toBe('file');
  // What was staged was staged in the job's own folder: nothing new is anywhere around it.
  const around: string[] = [];
  for await (const { path } of harness.store.list(`${harness.folder}/staging/odd-paths`)) around.push(path);
  expect(around).toEqual([]);
});
