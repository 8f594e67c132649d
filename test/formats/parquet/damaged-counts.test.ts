// Counts that damage has made large are refused before anything is allocated by them.
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../formats/format-error.ts';
import { readDeltaNumbers } from '../../../formats/parquet/delta-numbers.ts';
import { deltaLengths, deltaNumbers, deltaStrings } from '../../../formats/parquet/delta-values.ts';
import { readHybrid } from '../../../formats/parquet/hybrid.ts';
import type { Physical } from '../../../formats/parquet/schema-tree.ts';
import { ThriftEnd, ThriftReader } from '../../../formats/parquet/thrift.ts';
import { splitValues } from '../../../formats/parquet/split-values.ts';
import { dictionaryValues, hybridBooleans, plainValues } from '../../../formats/parquet/value-slices.ts';

const leaf = (type: Physical, size = 0) => ({ column: 0, type, size });

describe('values', () => {
  it.each<[Physical, number]>([
    ['int32', 0],
    ['int64', 0],
    ['byte-array', 0],
    ['fixed', 5],
    ['fixed', 0],
    ['boolean', 0],
  ])('of the type %s (%i) are not more than their bytes', (type, size) => {
    expect(() => plainValues(Buffer.alloc(100), leaf(type, size), 2 ** 31)).toThrow(FormatError);
  });

  it('are not those of a dictionary that is not there, or of another', () => {
    expect(() => dictionaryValues(Buffer.of(1, 2, 1), undefined, 1)).toThrow('there is none');
    const dictionary = plainValues(Buffer.alloc(8), leaf('int32'), 2);
    expect(() => dictionaryValues(Buffer.of(2, 2, 2), dictionary, 1)).toThrow('not in the dictionary');
    expect([...dictionaryValues(Buffer.of(1, 4, 1), dictionary, 2).starts]).toEqual([4, 4]);
  });
});

describe('runs of numbers', () => {
  it('are as many as are asked for', () => {
    expect([...readHybrid(Buffer.of(6, 5), 3, 3)]).toEqual([5, 5, 5]);
    // The example of the format's documentation: 0 to 7 in three bits each.
    expect([...readHybrid(Buffer.of(3, 0b10001000, 0b11000110, 0b11111010), 3, 8)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...readHybrid(Buffer.of(3, 0b10001000, 0b11000110, 0b11111010), 3, 5)]).toEqual([0, 1, 2, 3, 4]);
  });

  it.each([
    ['too long a run', Buffer.of(8, 5), 3],
    ['too short ones', Buffer.of(4, 5), 3],
    ['no run', Buffer.of(), 3],
    ['an empty run', Buffer.of(0, 5), 3],
    ['groups too many', Buffer.of(5, 1, 2, 3, 4, 5, 6), 8],
    ['cut groups', Buffer.of(3, 1, 2), 8],
    ['an endless length', Buffer.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1), 3],
  ])('are refused with %s', (_what, bytes, count) => {
    expect(() => readHybrid(bytes, 3, count)).toThrow(FormatError);
  });
});

describe('numbers as differences', () => {
  // Blocks of 8 in one part: 7, 5, 3, 1, 2 are -2, -2, -2, +1: least -2, then 0, 0, 0, 3 in two bits each.
  const bytes = Buffer.of(8, 1, 5, 14, 3, 2, 0b11000000, 0);

  it('are as many as are asked for', () => {
    const numbers = readDeltaNumbers(bytes, 4, 5);
    expect(numbers.end).toBe(bytes.length);
    expect([...new Int32Array(numbers.bytes.buffer)]).toEqual([7, 5, 3, 1, 2]);
    expect(() => readDeltaNumbers(bytes, 4, 4)).toThrow(FormatError);
    expect(() => readDeltaNumbers(bytes, 8, 2 ** 24)).toThrow(FormatError);
  });

  it.each([
    ['no head', Buffer.of()],
    ['blocks without parts', Buffer.of(8, 0, 5, 14, 3, 2, 0, 0)],
    ['parts that are not of eight', Buffer.of(12, 3, 5, 14, 3, 2, 0, 0)],
    ['blocks without end', Buffer.of(0x80, 0x80, 0x80, 0x80, 1, 1, 5, 14, 3, 2, 0, 0)],
    ['numbers of 65 bits', Buffer.of(8, 1, 5, 14, 3, 65, 0, 0)],
    ['cut parts', bytes.subarray(0, -1)],
    ['an endless number', Buffer.concat([Buffer.of(8, 1, 5), Buffer.alloc(11, 0x80)])],
  ])('are refused with %s', (_what, damaged) => {
    expect(() => readDeltaNumbers(damaged, 4, 5)).toThrow(FormatError);
  });

  it('have nothing behind them', () => {
    expect(() => deltaNumbers(Buffer.concat([bytes, Buffer.of(0)]), leaf('int32'), 5)).toThrow('more bytes');
    expect([...deltaNumbers(bytes, leaf('int32'), 5).starts]).toEqual([0, 4, 8, 12, 16]);
  });
});

describe('lengths as differences', () => {
  const lengths = (...numbers: number[]): Buffer =>
    // One block for each number: its difference is the least one, in no bits.
    Buffer.concat([
      Buffer.of(8, 1, numbers.length, zigZag(numbers[0]!)),
      ...(numbers.length > 1 ? [Buffer.of(zigZag(numbers[1]! - numbers[0]!), 0)] : []),
    ]);
  const zigZag = (number: number): number => (number << 1) ^ (number >> 31);

  it('are those of bytes that are there', () => {
    const two = Buffer.concat([lengths(1, 2), Buffer.from('abc')]);
    expect([...deltaLengths(two, 2).ends]).toEqual([two.length - 2, two.length]);
    for (const wrong of ['ab', 'abcd'])
      expect(() => deltaLengths(Buffer.concat([lengths(1, 2), Buffer.from(wrong)]), 2)).toThrow(FormatError);
    expect(() => deltaLengths(Buffer.concat([lengths(1, -1), Buffer.from('')]), 2)).toThrow(FormatError);
  });

  it('share no more than there is before', () => {
    const page = (shared: number, first = 3): Buffer =>
      Buffer.concat([lengths(0, shared), lengths(first, 1), Buffer.from('abcd').subarray(0, first + 1)]);
    const { bytes, starts, ends } = deltaStrings(page(2), leaf('byte-array'), 2);
    expect(Buffer.from(bytes.subarray(starts[1], ends[1])).toString()).toBe('abd');
    expect(() => deltaStrings(page(4), leaf('byte-array'), 2)).toThrow(FormatError);
    expect(() => deltaStrings(page(2), leaf('fixed', 4), 2)).toThrow(FormatError);
  });
});

it('bytes that are apart are those of all values', () => {
  expect([...splitValues(Buffer.of(1, 2, 3, 4, 5, 6, 7, 8), leaf('float'), 2).bytes]).toEqual([1, 3, 5, 7, 2, 4, 6, 8]);
  expect(() => splitValues(Buffer.alloc(8), leaf('float'), 3)).toThrow(FormatError);
  expect(() => splitValues(Buffer.alloc(8), leaf('double'), 2 ** 24)).toThrow(FormatError);
});

it('runs of booleans are as long as they say', () => {
  expect([...hybridBooleans(Buffer.of(2, 0, 0, 0, 6, 1), 3).bytes]).toEqual([1, 1, 1]);
  for (const length of [1, 3]) expect(() => hybridBooleans(Buffer.of(length, 0, 0, 0, 6, 1), 3)).toThrow(FormatError);
  expect(() => hybridBooleans(Buffer.of(2, 0), 3)).toThrow(FormatError);
});

describe('metadata', () => {
  it('ends where its bytes do', () => {
    const list = Buffer.of(0x19, 0xfc, 0xff, 0xff, 0xff, 0x07);
    expect(() => new ThriftReader(list).struct()).toThrow(ThriftEnd);
    expect(() => new ThriftReader(Buffer.of(0x18, 0xff, 0x7f, 1)).struct()).toThrow(ThriftEnd);
  });

  it('is no deeper than a stack', () => {
    expect(() => new ThriftReader(Buffer.alloc(1000, 0x1c)).struct()).toThrow(FormatError);
  });
});
