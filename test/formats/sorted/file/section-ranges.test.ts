// A part of a file comes in pieces of any length, each as it stands in the file, while two pieces of memory are enough for
// all ranges.
import { expect, it } from 'vitest';
import type { ByteSource } from '../../../../formats/byte-source.ts';
import { SectionRanges } from '../../../../formats/sorted/file/section-ranges.ts';
import { RandomSource } from '../../avro/support/random-source.ts';

/** Puts bytes where it may, as HDFS does: not at once, and in two halves. */
function sourceOf(bytes: Buffer): { source: ByteSource; memories: Set<ArrayBufferLike>; reads: () => number } {
  const memories = new Set<ArrayBufferLike>();
  let reads = 0;
  const read: ByteSource['read'] = async (position, length, _signal, into) => {
    reads += 1;
    const given = into === undefined ? Buffer.alloc(length) : into.subarray(0, length);
    memories.add(given.buffer);
    const half = length >> 1;
    await new Promise((resolve) => setImmediate(resolve));
    given.set(bytes.subarray(position, position + half));
    await new Promise((resolve) => setImmediate(resolve));
    given.set(bytes.subarray(position + half, position + length), half);
    return given;
  };
  return { source: { length: bytes.length, read }, memories, reads: () => reads };
}

async function next(ranges: SectionRanges, count: number): Promise<Uint8Array> {
  for (;;) {
    const bytes = ranges.peek(count);
    if (bytes !== undefined) return bytes;
    await ranges.fill();
  }
}

it('gives every byte in its place, whatever the lengths, out of two pieces of memory', async () => {
  const seed = Date.now() % 1_000_000;
  const random = new RandomSource(seed);
  const bytes = Buffer.from(Array.from({ length: 50_000 }, () => random.below(256)));
  const { source, memories, reads } = sourceOf(bytes);
  const end = 49_000;
  const ranges = new SectionRanges(source, 100, end, 1024);
  let at = 100;
  while (at < end) {
    // A block as a section has it: its head is looked at first, then the whole of it.
    const length = Math.min(1 + random.below(700), end - at);
    const head = await next(ranges, Math.min(24, length));
    expect(Buffer.from(head).equals(bytes.subarray(at, at + head.length)), `seed ${seed}, head at ${at}`).toBe(true);
    const block = await next(ranges, length);
    expect(Buffer.from(block).equals(bytes.subarray(at, at + length)), `seed ${seed}, at ${at}`).toBe(true);
    // What was peeked stays while the next range is under way.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(Buffer.from(block).equals(bytes.subarray(at, at + length)), `seed ${seed}, still at ${at}`).toBe(true);
    ranges.skip(length);
    at += length;
  }
  expect(reads()).toBeGreaterThan(40);
  expect(memories.size).toBe(2);
});

it('gives pieces that are larger than a range', async () => {
  const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7) % 256));
  const { source } = sourceOf(bytes);
  const ranges = new SectionRanges(source, 0, 20_000, 1000);
  let at = 0;
  for (const length of [10, 5000, 1, 2999, 3500, 8490]) {
    expect(Buffer.from(await next(ranges, length)).equals(bytes.subarray(at, at + length))).toBe(true);
    ranges.skip(length);
    at += length;
  }
});
