// Counts that damage has made large are refused before anything is allocated by them.
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../formats/format-error.ts';
import { readHybrid } from '../../../formats/parquet/hybrid.ts';
import type { Physical } from '../../../formats/parquet/schema-tree.ts';
import { ThriftEnd, ThriftReader } from '../../../formats/parquet/thrift.ts';
import { dictionaryValues, plainValues } from '../../../formats/parquet/value-slices.ts';

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
