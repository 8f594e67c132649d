// SequenceFiles of every codec that Hadoop has, by record and by block, as Hadoop's and Avro's own classes wrote them
// (test/java-archives): all codecs of a kind are one archive, and each record comes out of it once.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { OneWorker } from './one-worker.ts';

const FILES = fileURLToPath(new URL('../../java-archives/seq', import.meta.url));
const shared = new OneWorker({ REWIND_SPLIT_MIB: '0.004' });

beforeAll(async () => {
  const { harness } = shared;
  for (const name of (await readdir(FILES)).filter((file) => file.endsWith('.seq'))) {
    const kind = name.slice(0, name.indexOf('.'));
    await harness.store.write(`${harness.folder}/${kind}/${name}`, [await readFile(`${FILES}/${name}`)]);
  }
});

test.each(['text', 'avro'])('%s in seven codecs, by record and by block', async (kind) => {
  const { harness } = shared;
  const replayTopic = `codecs_${kind}_${harness.id}`;
  await harness.replay({ topic: kind, replayTopic, archive: { input: `${harness.folder}/${kind}` } });
  const found = (await harness.read(replayTopic)).map(({ timestamp, value }) => {
    const text = kind === 'text' ? value : (JSON.parse(value.toString()) as { body: string }).body;
    return `${timestamp}\t${createHash('sha256').update(text).digest('hex')}`;
  });
  const expected: string[] = [];
  for (const name of await readdir(FILES))
    if (name.startsWith(kind) && name.endsWith('.tsv'))
      expected.push(...(await readFile(`${FILES}/${name}`, 'utf8')).trimEnd().split('\n'));
  expect(found.length).toBe(kind === 'text' ? 14 * 120 : 14 * 60);
  // Records of one time come in the order of their files and places; what they are is told by time and text alone.
  expect(found.map((line) => line.split('\t')[0])).toEqual(expected.map((line) => line.split('\t')[0]).sort());
  expect(found.sort()).toEqual(expected.sort());
});
