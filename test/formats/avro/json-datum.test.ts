// Values of Avro's JSON encoding become the datums that they stand for, and what is none is refused by name.
import { expect, it } from 'vitest';
import { putJsonDatum } from '../../../formats/avro/json-datum.ts';
import { parseJsonText } from '../../../formats/avro/schema/json-text.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { compileTranscoder } from '../../../formats/avro/transcoder.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { randomDatum } from './support/random-datum.ts';
import { PLAIN_NAMES, SchemaGrower } from './support/random-schema.ts';
import { RandomSource } from './support/random-source.ts';

const FIRST = Number(process.env['REWIND_SEED'] ?? (Date.now() % 1_000_000) * 1000);
const SEEDS = process.env['REWIND_SEED'] === undefined ? 300 : 1;

it('are what was written as JSON, for random schemas and values', () => {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const random = new RandomSource(seed);
    const schema = parseSchema(new SchemaGrower(random, PLAIN_NAMES).record());
    const datum = randomDatum(schema, random, { blocks: true, finite: true });
    const json = compileTranscoder(schema, schema, 'avro-json');
    const before = new ByteWriter();
    json.transcode(datum, 0, datum.length, before);
    const out = new ByteWriter();
    putJsonDatum(schema, parseJsonText(before.view().toString()), out);
    const after = new ByteWriter();
    expect(json.transcode(out.bytes, 0, out.length, after), `seed ${seed}`).toBe(out.length);
    // A key that comes twice in a map is one in a JSON object that was parsed.
    expect(JSON.parse(after.view().toString()), `seed ${seed}`).toEqual(JSON.parse(before.view().toString()));
  }
});

const bytesOf = (schema: unknown, json: string, beside?: string): Buffer => {
  const out = new ByteWriter();
  putJsonDatum(parseSchema(JSON.stringify(schema)), parseJsonText(json), out, beside);
  return Buffer.from(out.view());
};
const record = (...fields: [name: string, type: unknown][]): object => ({
  type: 'record',
  name: 'R',
  fields: fields.map(([name, type]) => ({ name, type })),
});

it('keep longs exact, and know what JSON has no number for', () => {
  expect(bytesOf('long', '9223372036854775807').toString('hex')).toBe('feffffffffffffffff01');
  expect(bytesOf('double', '"-Infinity"').readDoubleLE()).toBe(-Infinity);
  expect(bytesOf('float', '"NaN"').readFloatLE()).toBeNaN();
});

it('have their fields in any order, and the field beside them passed over', () => {
  const schema = record(['a', 'int'], ['b', ['null', 'string']]);
  expect(bytesOf(schema, '{"id":7,"b":{"string":"x"},"a":3}', 'id').toString('hex')).toBe('06020278');
});

it.each([
  [record(['a', 'int']), '{}', 'the value.a'],
  [record(['a', 'int']), '{"a":1,"b":2}', '"b"'],
  [record(['a', 'int']), '{"a":1.5}', '1.5'],
  [record(['a', 'int']), '{"a":2147483648}', 'an integer of 32 bits'],
  [record(['a', { ...record(['b', 'int']), name: 'S' }]), '{"a":{"b":null}}', 'the value.a.b'],
  [record(['a', ['null', 'string']]), '{"a":"x"}', 'names a branch'],
  [record(['a', ['null', 'string']]), '{"a":{"int":1}}', 'one of null, string'],
  [{ type: 'fixed', name: 'F', size: 2 }, '"abc"', 'a string of 2 characters'],
  ['bytes', '"\u0100"', 'U+00FF'],
  [{ type: 'enum', name: 'E', symbols: ['A'] }, '"B"', 'one of A'],
  [{ type: 'array', items: 'int' }, '[1,"2"]', 'the value[]'],
  [{ type: 'map', values: 'int' }, '{"k":null}', 'the value{}'],
  ['boolean', '1', 'true or false'],
])('that are not of their schema are refused by name: %j %s', (schema, json, said) => {
  expect(() => bytesOf(schema, json)).toThrow(said);
  expect(() => bytesOf(schema, json)).toThrow(FormatError);
});

it('inside of others have no field beside them', () => {
  expect(() => bytesOf(record(['a', { ...record(['b', 'int']), name: 'S' }]), '{"a":{"b":1,"id":7}}', 'id')).toThrow(
    '"id"',
  );
});
