// What a file is, its header and its first records are looked for in what one read has brought.
import { expect, it } from 'vitest';
import { HEAD_BYTES, withHeadKept } from '../../../../activities/replay/decode/kept-head.ts';
import { openFileSource, type FileSource } from '../../../../connections/hdfs/file-source.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

async function setUp(length: number): Promise<{ source: FileSource; bytes: Buffer; reads: string[] }> {
  const store = new MemoryFileStore();
  const bytes = Buffer.from(Array.from({ length }, (_, index) => index % 251));
  await store.write('/file', [bytes]);
  const inner = openFileSource(store, (await store.status('/file'))!);
  const reads: string[] = [];
  const read: FileSource['read'] = (position, count, signal) => {
    reads.push(`${position}+${count}`);
    return inner.read(position, count, signal);
  };
  return { source: withHeadKept({ ...inner, read }), bytes, reads };
}

it('reads the head once', async () => {
  const { source, bytes, reads } = await setUp(HEAD_BYTES + 10);
  expect(Buffer.from(await source.read(0, 18))).toEqual(bytes.subarray(0, 18));
  expect(Buffer.from(await source.read(HEAD_BYTES - 5, 5))).toEqual(bytes.subarray(HEAD_BYTES - 5, HEAD_BYTES));
  expect(reads).toEqual([`0+${HEAD_BYTES}`]);
});

it('gives what lies beyond, or only partly in it, as it is asked for', async () => {
  const { source, bytes, reads } = await setUp(HEAD_BYTES + 10);
  expect(Buffer.from(await source.read(HEAD_BYTES - 5, 10))).toEqual(bytes.subarray(HEAD_BYTES - 5, HEAD_BYTES + 5));
  expect(reads).toEqual([`${HEAD_BYTES - 5}+10`]);
});

it('has a small file whole, and refuses what lies outside of it', async () => {
  const { source, bytes, reads } = await setUp(100);
  expect(Buffer.from(await source.read(20, 80))).toEqual(bytes.subarray(20));
  expect(Buffer.from(await source.read(0, 4))).toEqual(bytes.subarray(0, 4));
  expect(reads).toEqual(['0+100']);
  await expect(source.read(99, 2)).rejects.toThrow(RangeError);
});

it('asks again after a read that failed', async () => {
  const { source } = await setUp(100);
  const ended = AbortSignal.abort(new Error('ended'));
  await expect(source.read(0, 4, ended)).rejects.toThrow();
  expect(await source.read(0, 4)).toHaveLength(4);
});
