// Proves that the first record of a file is found in what one read of its beginning brings, and that of a later part where
// it is: a replay looks at each of its files so before the first record is out.
import { expect, it } from 'vitest';
import { openLookedFile } from '../../../../activities/replay/windows/first-offsets.ts';
import { MARKER } from '../../../formats/avro/container-bytes.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { wholeRecordFile } from '../../../support/whole-records.ts';

const PATH = '/camus/events.0.2.3000.4000.1.avro';
const signal = new AbortController().signal;
/** Told apart in a test of its own. */
const offsetsPerByte = expect.any(Number) as number;

/** Some 600 KB. `from`: the first offset; `step`: to the next one. */
async function looked(
  perBlock = 100,
  {
    from = 1_000,
    step = 1,
    damage = () => undefined,
  }: { from?: number; step?: number; damage?: (bytes: Buffer) => void } = {},
): Promise<{ file: Awaited<ReturnType<typeof openLookedFile>>; bytes: Buffer; reads: number[] }> {
  const records = Array.from({ length: 3_000 }, (_, n) => ({
    partition: 2,
    offset: from + n * step,
    value: Buffer.alloc(180),
  }));
  const bytes = wholeRecordFile(records, perBlock);
  damage(bytes);
  const store = new MemoryFileStore();
  await store.write(PATH, [bytes]);
  const reads: number[] = [];
  const read = store.read.bind(store);
  store.read = (path, position, ...more) => {
    reads.push(position);
    return read(path, position, ...more);
  };
  const { length, modifiedAt } = (await store.status(PATH))!;
  return { file: await openLookedFile(store, { path: PATH, length, modifiedAt, partition: 2 }, signal), bytes, reads };
}

it('is found by one read where it is the first of the file', async () => {
  // Blocks of 20 KB, and of 130 KB as Rewind makes them.
  for (const perBlock of [100, 640])
    for (const range of [undefined, { start: 0, end: 300_000 }]) {
      const { file, reads } = await looked(perBlock);
      expect(await file.first(range, signal)).toEqual({ partition: 2, offset: 1_000n, offsetsPerByte });
      expect(reads).toEqual([0]);
    }
});

it('is found behind the first marker of a later part, and nothing is read ahead of it', async () => {
  const { file, bytes, reads } = await looked();
  const marker = bytes.indexOf(MARKER, 300_000);
  const block = Math.round(marker / (bytes.length / 30));
  const found = await file.first({ start: 300_000, end: bytes.length }, signal);
  expect(found).toEqual({ partition: 2, offset: 1_000n + BigInt(block * 100), offsetsPerByte });
  expect(reads.filter((position) => position > marker + 16)).toEqual([]);
});

it('tells how far the offsets go in a byte of its block, or of what can be read of that', async () => {
  const { file, bytes } = await looked(100, { step: 3 });
  const block = bytes.length / 30;
  expect((await file.first(undefined, signal))!.offsetsPerByte * block).toBeCloseTo(99 * 3 + 1, -1);
  // The tenth record has a value of a length that no record has.
  const damaged = await looked(100, {
    step: 3,
    damage: (of) => of.fill(0xff, nthIndexOf(of, Buffer.alloc(180), 9) - 2, nthIndexOf(of, Buffer.alloc(180), 9)),
  });
  const found = await damaged.file.first(undefined, signal);
  expect(found).toEqual({ partition: 2, offset: 1_000n, offsetsPerByte });
  expect(found!.offsetsPerByte * block).toBeCloseTo(8 * 3 + 1, 0);
  // No file of a writer's that is known; what is wrong with it is told where it is decoded.
  const falling = await looked(100, { from: 9_000, step: -1 });
  expect((await falling.file.first(undefined, signal))!.offsetsPerByte * block).toBeCloseTo(1, 0);
});

/** Where something stands for the nth time, counted from 0. */
function nthIndexOf(bytes: Buffer, wanted: Buffer, n: number): number {
  let at = bytes.indexOf(wanted);
  for (let found = 0; found < n; found += 1) at = bytes.indexOf(wanted, at + wanted.length);
  return at;
}
