// Two schemas have one text where they are the same: in all that is read of them, or in what the encoding depends on.
import { expect, it } from 'vitest';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';
import { schemaText, type Sameness } from '../../../../formats/avro/schema/schema-text.ts';

const same = (sameness: Sameness, a: unknown, b: unknown): boolean =>
  schemaText(parseSchema(JSON.stringify(a)), sameness) === schemaText(parseSchema(JSON.stringify(b)), sameness);

const record = (fields: object[], more: object = {}): object => ({ type: 'record', name: 'a.R', fields, ...more });
const time = { name: 't', type: 'long' };

it.each<[string, object, object]>([
  ['comments', record([time], { doc: 'one' }), record([{ ...time, doc: 'two' }])],
  ['the order of properties', record([time]), { fields: [time], name: 'a.R', type: 'record' }],
  ['how a namespace is spelled', record([time]), { ...record([time]), name: 'R', namespace: 'a' }],
  ['how a primitive is spelled', record([time]), record([{ name: 't', type: { type: 'long' } }])],
  [
    'the order of a default’s keys',
    record([{ name: 'm', type: { type: 'map', values: 'int' }, default: { a: 1, b: 2 } }]),
    record([{ name: 'm', type: { type: 'map', values: 'int' }, default: { b: 2, a: 1 } }]),
  ],
])('no difference: %s', (_, a, b) => {
  expect(same('model', a, b)).toBe(true);
  expect(same('bytes', a, b)).toBe(true);
});

it.each<[string, object, object]>([
  ['a default', record([time]), record([{ ...time, default: 1 }])],
  ['a default of other digits', record([{ ...time, default: 9007199254740992 }]), record([{ ...time, default: 1 }])],
  ['an alias', record([time]), record([time], { aliases: ['Q'] })],
  ['a logical type', record([time]), record([{ name: 't', type: { type: 'long', logicalType: 'timestamp-millis' } }])],
  [
    'a scale',
    record([{ name: 'd', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 1 } }]),
    record([{ name: 'd', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } }]),
  ],
])('none to the bytes alone: %s', (_, a, b) => {
  expect(same('model', a, b)).toBe(false);
  expect(same('bytes', a, b)).toBe(true);
});

const nested = (symbols: string[]): object => record([{ name: 'e', type: { type: 'enum', name: 'E', symbols } }]);

it.each<[string, object, object]>([
  ['another type', record([time]), record([{ name: 't', type: 'int' }])],
  ['another name', record([time]), { ...record([time]), name: 'a.S' }],
  ['another namespace', record([time]), { ...record([time]), name: 'b.R' }],
  ['another field', record([time]), record([{ ...time, name: 'u' }])],
  ['one field more', record([time]), record([time, { name: 'u', type: 'null' }])],
  ['the order of symbols', nested(['A', 'B']), nested(['B', 'A'])],
  [
    'the order of branches',
    record([{ name: 'u', type: ['null', 'int'] }]),
    record([{ name: 'u', type: ['int', 'null'] }]),
  ],
  ['a size', { type: 'fixed', name: 'F', size: 3 }, { type: 'fixed', name: 'F', size: 4 }],
  ['what a list holds', { type: 'array', items: 'int' }, { type: 'array', items: 'long' }],
  ['what a map holds', { type: 'map', values: 'int' }, { type: 'map', values: 'long' }],
])('a difference: %s', (_, a, b) => {
  expect(same('model', a, b)).toBe(false);
  expect(same('bytes', a, b)).toBe(false);
});

it('is of a type that holds itself, or is named twice', () => {
  const list = record([{ name: 'next', type: ['null', 'a.R'] }]);
  expect(same('model', list, record([{ name: 'next', type: ['null', 'R'] }]))).toBe(true);
  expect(same('bytes', list, record([{ name: 'next', type: ['null', 'int'] }]))).toBe(false);
});
