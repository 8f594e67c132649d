// Proves that reading ahead gives the bytes of the file in order whatever is asked for, fetches nothing twice and
// nothing behind a split before it is needed, and passes failures of the source on.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../formats/byte-source.ts';
import { RangeMemory } from '../../formats/range-memory.ts';
import { ReadAhead } from '../../formats/read-ahead.ts';

const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 31) & 0xff));

function recording(): { source: ByteSource; ranges: [number, number][] } {
  const ranges: [number, number][] = [];
  const read = async (position: number, length: number) => {
    ranges.push([position, length]);
    return bytes.subarray(position, position + length);
  };
  return { source: { length: bytes.length, read }, ranges };
}

describe('reading ahead', () => {
  it.each([1, 3, 64, 999, 5000, 10_000])(
    'gives the bytes in order, each fetched once: window of %i',
    async (window) => {
      const { source, ranges } = recording();
      const reader = new ReadAhead(source, { start: 7, window });
      const parts: Uint8Array[] = [];
      for (let count = 1; reader.remaining > 0; count = (count * 7 + 1) % 500) {
        const { position } = reader;
        const have = Math.min(await reader.fill(count), count);
        parts.push(reader.take(have));
        expect(reader.position).toBe(position + have);
      }
      expect(Buffer.concat(parts)).toEqual(bytes.subarray(7));
      expect(ranges.reduce((sum, [, length]) => sum + length, 0)).toBe(bytes.length - 7);
    },
  );

  it('has one range under way, the last one with a tail, and none behind the soft end', async () => {
    const { source, ranges } = recording();
    const reader = new ReadAhead(source, { window: 100, softEnd: 450 });
    await reader.fill(1);
    expect(ranges).toEqual([
      [0, 100],
      [100, 100],
    ]);
    await reader.fill(150);
    expect(ranges.at(-1)).toEqual([200, 100]);
    await reader.fill(210);
    expect(ranges.at(-1)).toEqual([300, 250]);
    await reader.fill(550);
    expect(ranges).toHaveLength(4);
    await reader.fill(551);
    expect(ranges.at(-1)).toEqual([550, 100]);
  });

  it('begins with what is at hand of the file, and fetches what follows meanwhile', async () => {
    const { source, ranges } = recording();
    const reader = new ReadAhead({ ...source, head: bytes.subarray(0, 300) }, { start: 7, window: 100, softEnd: 350 });
    expect(ranges).toEqual([]);
    expect(await reader.fill(10)).toBe(293);
    expect(ranges).toEqual([[300, 150]]);
    expect(await reader.fill(400)).toBe(443);
    expect(Buffer.from(reader.take(443))).toEqual(bytes.subarray(7, 450));
    expect(ranges).toHaveLength(1);
  });

  it('fetches all where nothing is at hand of what it begins with, or all of it is', async () => {
    const { source, ranges } = recording();
    const behind = new ReadAhead(
      { ...source, head: bytes.subarray(0, 300) },
      { start: 300, window: 100, softEnd: 350 },
    );
    await behind.fill(10);
    expect(ranges).toEqual([[300, 150]]);
    ranges.length = 0;
    const whole = new ReadAhead({ ...source, head: bytes }, { window: 100 });
    expect(await whole.fill(10_000)).toBe(5000);
    expect(ranges).toEqual([]);
  });

  it('has the next range before the one at hand is used up, though that takes requests and answers', async () => {
    const [window, step] = [2 * 1024 * 1024, 64 * 1024];
    const come: number[] = [];
    const source = {
      length: 4 * window,
      // Of a NameNode first, then of a DataNode: each answer is only seen when the thread has nothing else to do.
      read: async (position: number, length: number) => {
        for (let answer = 0; answer < 2; answer += 1) await turn();
        come.push(position);
        return new Uint8Array(length);
      },
    };
    const reader = new ReadAhead(source, { window });
    const before: number[] = [];
    while (reader.remaining > 0) {
      await reader.fill(step);
      reader.take(step);
      if (reader.position % window === 0) before.push(come.length);
    }
    expect(before).toEqual([2, 3, 3, 3]);
  });

  it('passes over what was not fetched without fetching it', async () => {
    const { source, ranges } = recording();
    const reader = new ReadAhead(source, { window: 100, softEnd: 100 });
    await reader.fill(10);
    await reader.skip(4000);
    await reader.fill(4);
    expect(Buffer.from(reader.take(4))).toEqual(bytes.subarray(4000, 4004));
    expect(ranges).toEqual([
      [0, 200],
      [4000, 100],
    ]);
    await reader.skip(reader.remaining);
    expect(await reader.fill(1)).toBe(0);
  });

  it('passes on the failure of a range when it is needed, and only then', async () => {
    const read = async (position: number, length: number) => {
      if (position >= 100) throw new Error('connection lost');
      return bytes.subarray(position, position + length);
    };
    const reader = new ReadAhead({ length: 5000, read }, { window: 100 });
    expect(await reader.fill(100)).toBe(100);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(reader.fill(101)).rejects.toThrow('connection lost');
  });

  it('refuses a source that gives fewer bytes than were asked for', async () => {
    const reader = new ReadAhead({ length: 50, read: async () => bytes.subarray(0, 49) });
    await expect(reader.fill(1)).rejects.toThrow('49 bytes of the 50');
  });

  it('ends the range under way when it is closed, or when the caller gives up', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const read = async (position: number, length: number, signal?: AbortSignal) => {
      signals.push(signal);
      return bytes.subarray(position, position + length);
    };
    const caller = new AbortController();
    const [closed, given] = [undefined, caller.signal].map(
      (signal) => new ReadAhead({ length: 5000, read }, { window: 10, signal }),
    );
    await closed!.fill(1);
    await given!.fill(1);
    closed!.close();
    caller.abort();
    expect(signals.every((signal) => signal?.aborted)).toBe(true);
  });
});

describe('memory that is used again', () => {
  const MEBIBYTE = 1024 * 1024;
  const large = Buffer.from(Uint32Array.from({ length: 2 * MEBIBYTE }, (_, i) => (i * 2_654_435_761) >>> 0).buffer);

  /** Puts bytes where it is told to, some turns later. */
  class Putting implements ByteSource {
    readonly length = large.length;
    readonly into: ArrayBufferLike[] = [];

    async read(position: number, length: number, _signal?: AbortSignal, into?: Uint8Array): Promise<Uint8Array> {
      this.into.push(into!.buffer);
      for (let rest = (position / 7) % 3; rest >= 0; rest -= 1) await turn();
      into!.set(large.subarray(position, position + length));
      return into!.subarray(0, length);
    }
  }

  it.each([1000, 60_000, 200_000, MEBIBYTE])('gives the bytes of every range in order: %i at once', async (most) => {
    const source = new Putting();
    const memory = new RangeMemory();
    for (const start of [0, 12_345]) {
      const reader = new ReadAhead(source, { start, window: MEBIBYTE, memory });
      let [at, seed] = [start, 1];
      while (reader.remaining > 0) {
        seed = (seed * 48_271) % 2_147_483_647;
        const count = Math.min(await reader.fill(1 + (seed % most)), 1 + (seed % most));
        if (Buffer.compare(reader.take(count), large.subarray(at, at + count)) !== 0) expect.fail(`wrong at ${at}`);
        at += count;
      }
      expect(at).toBe(large.length);
      reader.close();
    }
    expect(new Set(source.into).size).toBeLessThan(source.into.length);
  });

  it('is not given to another while a range that nobody waits for is put there', async () => {
    const memory = new RangeMemory();
    const ends: (() => void)[] = [];
    const taken: Uint8Array[] = [];
    const source: ByteSource = {
      length: large.length,
      read: async (position, length, _signal, into) => {
        taken.push(into!);
        await new Promise<void>((resolve) => ends.push(resolve));
        into!.set(large.subarray(position, position + length));
        return into!.subarray(0, length);
      },
    };
    const reader = new ReadAhead(source, { window: MEBIBYTE, memory });
    const filled = reader.fill(1);
    ends[0]!();
    await filled;
    expect(taken).toHaveLength(2);
    reader.close();
    const other = memory.take(MEBIBYTE);
    expect(other.buffer === taken[0]!.buffer).toBe(true);
    expect(memory.take(MEBIBYTE).buffer === taken[1]!.buffer).toBe(false);
    ends[1]!();
    await turn();
    expect(memory.take(MEBIBYTE).buffer === taken[1]!.buffer).toBe(true);
  });

  it('stays free where a source has memory of its own', async () => {
    const memory = new RangeMemory();
    const first = memory.take(2 * MEBIBYTE);
    memory.give(first);
    const read = async (position: number, length: number) => large.subarray(position, position + length);
    const reader = new ReadAhead({ length: large.length, read }, { window: MEBIBYTE, ahead: false, memory });
    await reader.fill(10);
    expect(memory.take(MEBIBYTE) === first).toBe(true);
    expect(Buffer.compare(reader.take(10), large.subarray(0, 10))).toBe(0);
  });
});
