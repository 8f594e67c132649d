// Proves that reading ahead gives the bytes of the file in order whatever is asked for, fetches nothing twice and
// nothing behind a split before it is needed, and passes failures of the source on.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../formats/byte-source.ts';
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

  it('has one range under way, and none behind the soft end', async () => {
    const { source, ranges } = recording();
    const reader = new ReadAhead(source, { window: 100, softEnd: 250 });
    await reader.fill(1);
    expect(ranges).toEqual([
      [0, 100],
      [100, 100],
    ]);
    await reader.fill(150);
    expect(ranges.at(-1)).toEqual([200, 50]);
    await reader.fill(240);
    expect(ranges).toHaveLength(3);
    await reader.fill(260);
    expect(ranges).toHaveLength(4);
  });

  it('has the next range before the one at hand is used up, though that takes requests and answers', async () => {
    const [window, step] = [2 * 1024 * 1024, 64 * 1024];
    const come: number[] = [];
    const source = {
      length: 3 * window,
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
    expect(before).toEqual([2, 3, 3]);
  });

  it('passes over what was not fetched without fetching it', async () => {
    const { source, ranges } = recording();
    const reader = new ReadAhead(source, { window: 100, softEnd: 100 });
    await reader.fill(10);
    await reader.skip(4000);
    await reader.fill(4);
    expect(Buffer.from(reader.take(4))).toEqual(bytes.subarray(4000, 4004));
    expect(ranges).toEqual([
      [0, 100],
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
