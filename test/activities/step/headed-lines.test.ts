// A file whose first line says what it is: read into lists by kind, and refused where it begins otherwise.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { readHeadedLines, type ListsOf } from '../../../activities/step/headed-lines.ts';
import { sealedLines } from '../../../activities/step/sealed-lines.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';

const shape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('head'), job: z.string() }),
  z.object({ kind: z.literal('file'), path: z.string() }),
  z.object({ kind: z.literal('error'), offset: z.number() }),
]);
type Line = z.output<typeof shape>;

async function read(lines: Line[] | undefined): Promise<{ head: Line | undefined; lists: ListsOf<Line> }> {
  const store = new MemoryFileStore();
  if (lines !== undefined) await store.write('/run/plan.jsonl', sealedLines(lines));
  const lists: ListsOf<Line> = { file: [], error: [] };
  return { head: await readHeadedLines(store, '/run/plan.jsonl', shape, lists, new AbortController().signal), lists };
}

const head: Line = { kind: 'head', job: 'a' };
const [one, two]: Line[] = [
  { kind: 'file', path: '/1' },
  { kind: 'file', path: '/2' },
];
const error: Line = { kind: 'error', offset: 5 };

it('gives the head, and each kind in the order of the file', async () => {
  expect(await read([head, one!, error, two!])).toEqual({ head, lists: { file: [one, two], error: [error] } });
  expect(await read([head])).toEqual({ head, lists: { file: [], error: [] } });
  expect(await read(undefined)).toEqual({ head: undefined, lists: { file: [], error: [] } });
});

it.each([
  ['file', [one!, head]],
  ['nothing', []],
  ['head', [head, one!, { ...head, job: 'b' }]],
] as [string, Line[]][])('refuses a file with a %s in the wrong place', async (found, lines) => {
  await expect(read(lines)).rejects.toMatchObject({
    code: 'archive-file-damaged',
    message: expect.stringContaining(`/run/plan.jsonl: expected one head, at the beginning, found ${found}.`) as string,
  });
});
