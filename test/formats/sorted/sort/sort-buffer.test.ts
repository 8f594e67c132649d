// The buffer sorts like a plain array does, keeps equal times in decode order, and stays within its capacity.
import { describe, expect, it } from 'vitest';
import { int64FromBigInt, int64ToBigInt } from '../../../../formats/int64.ts';
import { SortBuffer } from '../../../../formats/sorted/sort/sort-buffer.ts';
import type { SortedRun } from '../../../../formats/sorted/sort/sorted-run.ts';
import { fillOne, inOrder, LONG_MAX, LONG_MIN, randomFrom, randomSplit } from '../random-splits.ts';
import type { PlainRecord } from '../random-splits.ts';

function sorted(buffer: SortBuffer): string[] {
  const order = buffer.sort();
  return Array.from({ length: buffer.count }, (_, i) => {
    const at = order[i]!;
    const body = buffer.bodies.bytes.subarray(at === 0 ? 0 : buffer.ends[at - 1]!, buffer.ends[at]);
    const time = int64ToBigInt(buffer.timeHi[at]!, buffer.timeLo[at]!);
    return `${time} ${buffer.sequence[at]} ${buffer.file[at]} ${buffer.partition[at]} ${body.toString()}`;
  });
}

const plain = (records: PlainRecord[]): string[] =>
  inOrder(records).map((one) => `${one.time} ${one.sequence} ${one.file} ${one.partition} ${one.body}`);

function filled(records: PlainRecord[]): SortBuffer {
  const buffer = new SortBuffer({ capacity: 1 << 20 });
  for (const record of records) fillOne(buffer, record);
  return buffer;
}

function bodiesOf({ count, order, ends, bodies }: SortedRun): string[] {
  return Array.from(order.subarray(0, count), (at) =>
    Buffer.from(bodies.subarray(at === 0 ? 0 : ends[at - 1]!, ends[at])).toString(),
  );
}

describe('a sort buffer', () => {
  it.each([1, 2, 3, 4, 5])('sorts random times as an array does (seed %i)', (seed) => {
    const random = randomFrom(seed);
    for (const count of [0, 1, 2, 3, 100, 3000]) {
      const records = randomSplit({ split: 0, records: count, random });
      expect(sorted(filled(records))).toEqual(plain(records));
    }
  });

  it.each([
    ['all equal', () => 5n],
    ['ascending', (i: number) => BigInt(i)],
    ['descending', (i: number) => BigInt(-i)],
    ['the two extremes', (i: number) => (i % 2 === 0 ? LONG_MAX : LONG_MIN)],
    ['across the halves', (i: number) => 2n ** 32n - BigInt((i * 7919) % 100)],
    ['apart by the upper half alone', (i: number) => BigInt((i * 7919) % 97) << 32n],
    ['apart by every digit', (i: number) => BigInt.asIntN(64, BigInt(i) * 0x9e3779b97f4a7c15n)],
    ['over 33 bits', (i: number) => BigInt((i * 7919) % 1000) * 8_589_934n],
  ])('sorts times that are %s', (_, time) => {
    const records = randomSplit({ split: 0, records: 1000, random: randomFrom(9), time });
    expect(sorted(filled(records))).toEqual(plain(records));
  });

  it('drops a body that was begun and not committed', () => {
    const buffer = new SortBuffer({ capacity: 1000 });
    buffer.begin().append(Buffer.from('lost'));
    buffer.begin().append(Buffer.from('kept'));
    buffer.commit(0, 1, 0, 0, 0);
    buffer.begin().append(Buffer.from('lost'));
    expect(sorted(buffer)).toEqual(['1 0 0 0 kept']);
    expect(buffer.usedBytes).toBe(4 + 32);
  });

  it('is full when bodies and bookkeeping reach the capacity', () => {
    const buffer = new SortBuffer({ capacity: 420 });
    const commit = (sequence: number): void => {
      buffer.begin().append(Buffer.alloc(10));
      buffer.commit(0, 0, sequence, 0, 0);
    };
    for (let i = 0; i < 9; i++) commit(i);
    expect(buffer.isFull).toBe(false);
    commit(9);
    expect(buffer.isFull).toBe(true);
  });

  it('takes one body larger than its capacity, and gives that memory back', () => {
    const buffer = new SortBuffer({ capacity: 100 });
    buffer.begin().append(Buffer.alloc(3_000_000, 7));
    buffer.commit(0, 0, 0, 0, 0);
    expect(buffer.isFull).toBe(true);
    buffer.clear();
    expect(buffer.isFull).toBe(false);
    expect(buffer.bodies.bytes.length).toBeLessThan(1_000_000);
  });

  it('puts runs into the memory of others, and leaves nothing of those in them', () => {
    const random = randomFrom(3);
    const other = filled(randomSplit({ split: 0, records: 400, random })).take(0);
    const { buffer: memory } = other.bodies;
    for (const count of [400, 3, 900]) {
      const spare = count === 400 ? [other] : [filled(randomSplit({ split: 0, records: 50, random })).take(0)];
      const buffer = new SortBuffer({ capacity: 1 << 20, spare });
      const records = randomSplit({ split: 0, records: count, random });
      for (const record of records) fillOne(buffer, record);
      expect(spare).toEqual([]);
      const run = buffer.take(0);
      if (count === 400) expect(run.bodies.buffer).toBe(memory);
      expect(bodiesOf(run)).toEqual(inOrder(records).map(({ body }) => String(body)));
    }
  });

  it('goes on in new memory where none is spare', () => {
    const buffer = new SortBuffer({ capacity: 1 << 20 });
    const runs = [5, 7].map((count, split) => {
      const records = randomSplit({ split, records: count, random: randomFrom(count) });
      buffer.startSplit();
      for (const record of records) fillOne(buffer, record);
      return { run: buffer.take(split), records };
    });
    for (const { run, records } of runs)
      expect(bodiesOf(run)).toEqual(inOrder(records).map(({ body }) => String(body)));
  });

  it('keeps counting sequences over sections, and begins again with a split', () => {
    const buffer = new SortBuffer({ capacity: 1000 });
    const { hi, lo } = int64FromBigInt(1n);
    buffer.begin();
    buffer.commit(hi, lo, 5, 0, 0);
    buffer.clear();
    expect(() => buffer.commit(hi, lo, 5, 0, 0)).toThrow('sequence numbers of a split ascend');
    buffer.startSplit();
    buffer.commit(hi, lo, 0, 0, 0);
    expect(buffer.count).toBe(1);
  });

  it.each([0, 1.5, -1, 2 ** 31 + 1])('refuses a capacity of %d', (capacity) => {
    expect(() => new SortBuffer({ capacity })).toThrow(RangeError);
  });
});
