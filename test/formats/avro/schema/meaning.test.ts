// Java resolves schemas by their types alone: a number keeps its digits, whatever unit or scale both sides give it. What
// would mean something else behind the output schema is found before a record is read, by the field's path.
import { describe, expect, it } from 'vitest';
import { compareMeaning } from '../../../../formats/avro/schema/meaning.ts';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';
import { resolve } from '../../../../formats/avro/schema/resolve.ts';

const event = (type: unknown, name = 'f'): object => ({ type: 'record', name: 'E', fields: [{ name, type }] });
const long = (logicalType: string): object => ({ type: 'long', logicalType });
const int = (logicalType: string): object => ({ type: 'int', logicalType });
const decimal = (precision: number, scale: number): object => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
});
const compare = (writer: object, reader: object) => compareMeaning(resolve(parseSchema(writer), parseSchema(reader)));

describe('what means something else behind the output schema', () => {
  it.each([
    [long('timestamp-micros'), long('timestamp-millis'), 'timestamp-micros', 'timestamp-millis'],
    [long('timestamp-millis'), long('local-timestamp-millis'), 'timestamp-millis', 'local-timestamp-millis'],
    [int('time-millis'), long('time-micros'), 'time-millis', 'time-micros'],
    [int('date'), long('timestamp-millis'), 'date', 'timestamp-millis'],
    [decimal(10, 2), decimal(10, 4), 'decimal(10, 2)', 'decimal(10, 4)'],
    [decimal(10, 2), decimal(8, 2), 'decimal(10, 2)', 'decimal(8, 2)'],
    [['null', decimal(10, 2)], ['null', decimal(10, 0)], 'decimal(10, 2)', 'decimal(10, 0)'],
    [long('cents'), long('euros'), 'cents', 'euros'],
  ])('%j read as %j', (writer, reader, found, expected) => {
    expect(compare(event(writer), event(reader)).changed).toEqual({ path: 'f', found, expected });
  });

  it('is found at any depth, in unions, arrays, maps and records that hold themselves', () => {
    const nested = (leaf: unknown): object => ({
      type: 'record',
      name: 'Node',
      fields: [
        { name: 'next', type: ['null', 'Node'] },
        { name: 'list', type: { type: 'array', items: { type: 'map', values: ['null', leaf] } } },
      ],
    });
    const found = compare(nested(long('timestamp-micros')), nested(long('timestamp-nanos'))).changed;
    expect(found?.path).toBe('list[]{}');
    expect(compare(nested(long('timestamp-micros')), nested(long('timestamp-micros'))).changed).toBeUndefined();
  });

  it('is found in a fixed, and where a union comes or goes', () => {
    const fixed = (scale: number): object => ({
      ...{ type: 'fixed', name: 'D', size: 8 },
      ...{ logicalType: 'decimal', precision: 12, scale },
    });
    expect(compare(event(fixed(1)), event(fixed(3))).changed?.expected).toBe('decimal(12, 3)');
    expect(compare(event(long('timestamp-micros')), event(['null', long('timestamp-millis')])).changed?.path).toBe('f');
    expect(
      compare(event(['null', long('timestamp-micros')]), event(['null', 'string', long('timestamp-millis')])).changed
        ?.path,
    ).toBe('f');
  });
});

describe('what means the same', () => {
  it.each([
    [long('timestamp-micros'), long('timestamp-micros')],
    [decimal(10, 2), decimal(12, 2)],
    ['long', 'long'],
    ['int', 'long'],
    ['string', 'bytes'],
    [{ type: 'string', logicalType: 'uuid' }, 'string'],
  ])('%j read as %j is not told', (writer, reader) => {
    expect(compare(event(writer), event(reader))).toEqual({ changed: undefined, remarks: [] });
  });

  it('is what the output schema leaves out', () => {
    const writer = { ...event(long('timestamp-micros'), 'gone'), name: 'E' };
    expect(compare(writer, { type: 'record', name: 'E', fields: [] }).changed).toBeUndefined();
  });
});

describe('what is worth a look', () => {
  it('is a logical type that comes or goes: the numbers are what they were', () => {
    expect(compare(event(long('timestamp-micros')), event('long')).remarks).toEqual([
      'field f: the files say timestamp-micros, and the output schema says nothing of what its numbers mean',
    ]);
    expect(compare(event('bytes'), event(decimal(4, 2))).remarks).toEqual([
      'field f: the output schema says decimal(4, 2), and the files say nothing of what its numbers mean',
    ]);
    // Without a valid precision Java takes a decimal for plain bytes.
    expect(compare(event({ type: 'bytes', logicalType: 'decimal' }), event(decimal(4, 2))).changed).toBeUndefined();
  });

  it('is a symbol that becomes the default of its enum', () => {
    const symbols = (list: string[], rest: object = {}): object =>
      event({ type: 'enum', name: 'S', symbols: list, ...rest });
    expect(compare(symbols(['A', 'B', 'C']), symbols(['A', 'X'], { default: 'X' })).remarks).toEqual([
      'field f: the symbols B, C of the files are not in the output schema and become its default X',
    ]);
    expect(compare(symbols(['A']), symbols(['X', 'A'], { default: 'X' })).remarks).toEqual([]);
  });

  it('is a whole number that loses digits', () => {
    expect(compare(event('long'), event('double')).remarks).toEqual([
      'field f: long becomes double, which is exact up to 2^53 only',
    ]);
    expect(compare(event('int'), event('float')).remarks).toEqual([
      'field f: int becomes float, which is exact up to 2^24 only',
    ]);
    expect(compare(event('int'), event('double')).remarks).toEqual([]);
  });
});
