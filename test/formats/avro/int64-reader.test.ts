/** Proves that the raw time of a record is found, exact to 64 bits, and that a path which leads nowhere is explained. */
import { describe, expect, it } from 'vitest';
import { appendLong } from '../../../formats/avro/datum/append-long.ts';
import { compileInt64Reader } from '../../../formats/avro/int64-reader.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { int64ToBigInt } from '../../../formats/int64.ts';
import { thrown } from './support/thrown.ts';

const header = (...types: unknown[]): object => ({
  type: 'record',
  name: 'H',
  fields: [{ name: 'server', type: 'string' }, ...types.map((type) => ({ name: 'time', type }))],
});

const event = (head: unknown): object => ({
  type: 'record',
  name: 'E',
  fields: [
    { name: 'list', type: { type: 'array', items: 'string' } },
    { name: 'header', type: head },
    { name: 'id', type: 'int' },
    { name: 'text', type: 'string' },
  ],
});

function encode(...values: (number | bigint | string)[]): Buffer {
  const out = new ByteWriter(64);
  for (const value of values)
    if (typeof value === 'string') {
      appendLong(out, BigInt(value.length));
      out.append(Buffer.from(value));
    } else appendLong(out, BigInt(value));
  return Buffer.from(out.view());
}

describe('the time of a record', () => {
  it('is found in a header, behind arrays and strings', () => {
    const reader = compileInt64Reader(parseSchema(event(header('long'))), ['header', 'time']);
    const datum = encode(1, 'item', 0, 'server', 1414954800000, 7, 'text');
    const into = { hi: 0, lo: 0 };
    expect(reader.read(Buffer.concat([Buffer.from('xx'), datum]), 2, 2 + datum.length, into)).toBe(true);
    expect(int64ToBigInt(into.hi, into.lo)).toBe(1414954800000n);
  });

  it.each([0n, 1n, -1n, 1n << 31n, -(1n << 31n), (1n << 32n) - 1n, -(1n << 32n), (1n << 63n) - 1n, -(1n << 63n)])(
    'is exact: %d',
    (value) => {
      const into = { hi: 0, lo: 0 };
      const datum = encode(value);
      compileInt64Reader(parseSchema('"long"'), []).read(datum, 0, datum.length, into);
      expect(int64ToBigInt(into.hi, into.lo)).toBe(value);
      if (BigInt.asIntN(32, value) !== value) return;
      compileInt64Reader(parseSchema('"int"'), []).read(datum, 0, datum.length, into);
      expect(int64ToBigInt(into.hi, into.lo)).toBe(value);
    },
  );

  it('is null where it, or the record that holds it, is null', () => {
    const schema = parseSchema(event(['null', header(['null', 'long', 'int'])]));
    const reader = compileInt64Reader(schema, ['header', 'time']);
    const into = { hi: 0, lo: 0 };
    const read = (...values: (number | string)[]): boolean => {
      const datum = encode(...values);
      return reader.read(datum, 0, datum.length, into);
    };
    expect(read(0, 0)).toBe(false);
    expect(read(0, 1, 's', 0)).toBe(false);
    expect(read(0, 1, 's', 1, 5)).toBe(true);
    expect(into).toEqual({ hi: 0, lo: 5 });
    expect(read(0, 1, 's', 2, -6)).toBe(true);
    expect(into).toEqual({ hi: -1, lo: 4294967290 });
  });

  it.each([
    ['timestamp-millis', 'millis'],
    ['local-timestamp-micros', 'micros'],
    ['timestamp-nanos', 'nanos'],
    ['time-millis', undefined],
    [undefined, undefined],
  ])('has the unit of the logical type %s: %s', (logicalType, unit) => {
    const schema = parseSchema(event(header(['null', { type: 'long', logicalType }])));
    expect(compileInt64Reader(schema, ['header', 'time']).unit).toBe(unit);
  });

  it('is missing: the error lists the fields of type int and long', () => {
    const error = thrown(() => compileInt64Reader(parseSchema(event(header('long'))), ['time']));
    expect(error.fault).toBe('schema');
    expect(error.message).toBe('the schema of the file has no field time that can be a time: int or long');
    expect(error.facts).toMatchObject({
      expected: 'a field of another name: header.time, id',
      found: 'no field time in E',
    });
    expect(thrown(() => compileInt64Reader(parseSchema(event('string')), ['text'])).facts.found).toBe('string');
  });

  it('is refused where the union holds another type, and where the datum is cut', () => {
    const reader = compileInt64Reader(parseSchema(['long', 'string']), []);
    const into = { hi: 0, lo: 0 };
    expect(thrown(() => reader.read(encode(1, 'x'), 0, 3, into)).fault).toBe('schema');
    expect(thrown(() => reader.read(encode(0, 1 << 20), 0, 2, into)).fault).toBe('truncated');
  });
});
