// The key's text form is committed with every position: it must come back exactly, and order as the numbers do.
import { describe, expect, it } from 'vitest';
import { int64FromBigInt } from '../../../../formats/int64.ts';
import { compareSortKeys, formatSortKey, parseSortKey, roundedTime } from '../../../../formats/sorted/file/sort-key.ts';
import type { SortKey } from '../../../../formats/sorted/file/sort-key.ts';
import { LONG_MAX, LONG_MIN } from '../random-splits.ts';

const key = (time: bigint, split = 0, sequence = 0): SortKey => {
  const { hi, lo } = int64FromBigInt(time);
  return { timeHi: hi, timeLo: lo, split, sequence };
};

describe('a sort key', () => {
  const ascending = [
    key(LONG_MIN),
    key(LONG_MIN + 1n),
    key(-(2n ** 53n) - 1n),
    key(-(2n ** 32n)),
    key(-1n),
    key(0n),
    key(0n, 0, 1),
    key(0n, 1, 0),
    key(0n, 0xffffffff, 0xffffffff),
    key(1n),
    key(2n ** 32n - 1n),
    key(2n ** 32n),
    key(2n ** 53n + 1n),
    key(LONG_MAX - 1n),
    key(LONG_MAX),
  ];

  it('orders by signed time, then split, then sequence', () => {
    for (let a = 0; a < ascending.length; a++)
      for (let b = 0; b < ascending.length; b++)
        expect(Math.sign(compareSortKeys(ascending[a]!, ascending[b]!))).toBe(Math.sign(a - b));
  });

  it('has a rounded time that never contradicts the exact order', () => {
    const times = ascending.map(({ timeHi, timeLo }) => roundedTime(timeHi, timeLo));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('comes back from its text', () => {
    for (const one of ascending) expect(parseSortKey(formatSortKey(one))).toEqual(one);
    expect(formatSortKey(key(LONG_MIN, 7, 9))).toBe('-9223372036854775808:7:9');
  });

  it.each([
    '',
    '1:2',
    '1:2:3:4',
    'x:0:0',
    '9223372036854775808:0:0',
    '0:4294967296:0',
    '0:0:4294967296',
    '0:-1:0',
    ' 0:0:0',
  ])('refuses %j', (text) => {
    expect(() => parseSortKey(text)).toThrow(expect.objectContaining({ name: 'FormatError', fault: 'corrupt' }));
  });
});
