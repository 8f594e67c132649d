import { expect, it } from 'vitest';
import type { DecidedPartition, Decision } from '../../../../activities/archive/decision/decision.ts';
import { executionFiles } from '../../../../activities/archive/history/execution-files.ts';
import { readRewindJson } from '../../../../activities/archive/history/rewind-json.ts';
import { REWIND_JSON } from '../../../../layouts/execution-account.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { runHead } from '../run-head.ts';

function partition(topic: string, number: number, complete?: number): DecidedPartition {
  return {
    kind: 'partition',
    topic,
    partition: number,
    leader: '1',
    start: '3',
    next: '9007199254740993',
    records: 2,
    missing: [{ from: '3', to: '5', why: 'lost' }],
    left: { tombstone: 1 },
    topicId: `id of ${topic}`,
    ...(complete !== undefined && { complete }),
  };
}

it('holds what Camus has no place for, and up to when each topic is archived', async () => {
  const decision: Decision = {
    head: runHead({ history: '/history', execution: 'e' }),
    files: [],
    // Of one partition of "b" it is not known.
    partitions: [partition('a', 0, 9_000), partition('a', 1, 7_000), partition('b', 0, 9_000), partition('b', 1)],
    errors: [],
    counts: [],
    problems: [],
  };
  const store = new MemoryFileStore();
  for (const { name, chunks } of executionFiles(decision)) await store.write(`/history/e/${name}`, chunks);

  const read = await readRewindJson(store, '/history/e', new AbortController().signal);
  expect(read?.complete).toEqual(new Map([['a', 7_000]]));
  expect(read?.topicIds).toEqual(
    new Map([
      ['a', 'id of a'],
      ['b', 'id of b'],
    ]),
  );
  expect(read?.partitions[0]).toEqual({
    topic: 'a',
    partition: 0,
    start: '3',
    next: '9007199254740993',
    records: 2,
    missing: [{ from: '3', to: '5', why: 'lost' }],
    left: { tombstone: 1 },
    topicId: 'id of a',
  });

  const older = JSON.parse(await textOf(store, `/history/e/${REWIND_JSON}`)) as Record<string, unknown>;
  delete older['complete'];
  await store.write(`/older/${REWIND_JSON}`, [Buffer.from(JSON.stringify(older))]);
  expect((await readRewindJson(store, '/older', new AbortController().signal))?.complete).toEqual(new Map());
});

async function textOf(store: MemoryFileStore, path: string): Promise<string> {
  const { length = 0 } = (await store.status(path)) ?? {};
  return Buffer.from(await store.read(path, 0, length)).toString();
}
