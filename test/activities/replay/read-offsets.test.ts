// The offsets that a job pins are those that Camus itself would go on from: all of the newest execution's offsets
// files, the largest of a partition winning; a history that can't be read in full gives an error and no offset.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dependencies } from '../../../activities/dependencies.ts';
import type { ReplayJob } from '../../../activities/replay/job/replay-job.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { readOffsets } from '../../../activities/replay/read-offsets.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { stepContext } from '../../support/step-context.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

type Topics = Record<string, { leaderId: string; partition: number; offset: string }[]>;
interface NegativeCase {
  history: string;
  verdict: 'ok' | 'error';
  file: string | null;
  topics: Topics | null;
}

const store = new MemoryFileStore();
const deps = { hdfs: () => store } as unknown as Dependencies;
const context = stepContext();

let staged = 0;

async function pin(history: string, topic: string): Promise<PinnedOffsets> {
  const staging = `/staging/${(staged += 1)}`;
  await store.write(`${staging}/job.json`, [Buffer.from('{}')]);
  const offsets = { layout: '0.8', group: undefined };
  const job = {
    topic,
    history,
    archive: {},
    staging,
    offsets,
    connections: { hdfs: 'default' },
  } as unknown as ReplayJob;
  await readOffsets(deps)({ job }, context);
  const { length } = (await store.status(`${staging}/offsets.json`))!;
  return JSON.parse(Buffer.from(await store.read(`${staging}/offsets.json`, 0, length)).toString()) as PinnedOffsets;
}

beforeAll(async () => {
  const root = join(FIXTURES, 'exec');
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    await store.write(`/exec/${relative(root, path)}`, [await readFile(path)]);
  }
});

describe('the history that Camus wrote', async () => {
  const text = await readFile(join(FIXTURES, 'expected/offsets.json'), 'utf8');
  const { newest, topics } = JSON.parse(text) as { newest: string; topics: Topics };

  test.each(Object.keys(topics))('gives the offsets of %s', async (topic) => {
    const pins = await pin('/exec/history', topic);
    expect(pins.execution).toBe(`/exec/history/${newest}`);
    expect(pins.next).toEqual(Object.fromEntries(topics[topic]!.map(({ partition, offset }) => [partition, offset])));
  });

  test('pins once: what Camus adds afterwards is not looked at', async () => {
    const job = {
      topic: 'page_views',
      history: '/exec/history',
      archive: {},
      staging: '/staging/once',
      offsets: { layout: '0.8', group: undefined },
      connections: { hdfs: 'default' },
    } as unknown as ReplayJob;
    await store.write('/staging/once/job.json', [Buffer.from('{}')]);
    const before = await readOffsets(deps)({ job }, context);
    await store.write('/exec/history/2031-01-01-00-00-00/offsets-m-00000', [Buffer.from('another run')]);
    try {
      expect(await readOffsets(deps)({ job }, context)).toEqual(before);
    } finally {
      await store.delete('/exec/history/2031-01-01-00-00-00', { recursive: true });
    }
  });
});

describe('a history that is not as it should be', async () => {
  const cases = JSON.parse(await readFile(join(FIXTURES, 'expected/exec-negative.json'), 'utf8')) as NegativeCase[];

  test.each(cases)('$history: $verdict', async ({ history, verdict, file, topics }) => {
    if (verdict === 'ok') {
      for (const [topic, offsets] of Object.entries(topics ?? {})) {
        const pins = await pin(`/${history}`, topic);
        expect(pins.next).toEqual(Object.fromEntries(offsets.map(({ partition, offset }) => [partition, offset])));
      }
      return;
    }
    const failure = await pin(`/${history}`, 'orders').then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failure).toMatchObject({ name: 'JobError', code: 'history-unusable' });
    expect(failure?.message).toContain(file ?? `/${history}`);
  });
});
