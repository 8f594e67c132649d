/**
 * Proves that schemas are read by the rules of Java's Schema.Parser, that the schema of a file is taken more leniently
 * than one that a user gives, and that what is wrong with a schema is named.
 */
import { describe, expect, it } from 'vitest';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';
import type { AvroSchema, RecordSchema } from '../../../../formats/avro/schema/schema.ts';
import { JsonNumber } from '../../../../formats/avro/schema/json-text.ts';
import { thrown } from '../support/thrown.ts';

function record(json: string | object): RecordSchema {
  const schema = parseSchema(json);
  if (schema.type !== 'record') throw new Error(`not a record: ${schema.type}`);
  return schema;
}

function typeOf(schema: AvroSchema, ...path: string[]): AvroSchema {
  let at = schema;
  for (const name of path) {
    if (at.type !== 'record') throw new Error(`not a record: ${at.type}`);
    at = at.fields.find((field) => field.name === name)!.schema;
  }
  return at;
}

describe('names', () => {
  const schema = record({
    type: 'record',
    name: 'a.b.Outer',
    namespace: 'ignored',
    aliases: ['Old', 'x.Older'],
    fields: [
      { name: 'inner', type: { type: 'record', name: 'Inner', fields: [{ name: 'self', type: ['null', 'Inner'] }] } },
      { name: 'root', type: { type: 'enum', name: 'Root', namespace: '', symbols: ['A'] } },
      { name: 'again', type: 'Root' },
      { name: 'far', type: 'a.b.Inner' },
      { name: 'object', type: { type: 'Outer' } },
    ],
  });

  it('inherit the namespace of what is around them, unless they have their own', () => {
    expect(schema.name).toBe('a.b.Outer');
    expect(typeOf(schema, 'inner')).toMatchObject({ name: 'a.b.Inner' });
    expect(typeOf(schema, 'root')).toMatchObject({ name: 'Root' });
  });

  it('lead to one and the same type, be it recursive or in the null namespace', () => {
    const inner = typeOf(schema, 'inner');
    expect(typeOf(schema, 'far')).toBe(inner);
    expect(typeOf(schema, 'inner', 'self')).toMatchObject({ branches: [{ type: 'null' }, { name: 'a.b.Inner' }] });
    expect(typeOf(schema, 'again')).toBe(typeOf(schema, 'root'));
    expect(typeOf(schema, 'object')).toBe(schema);
  });

  it('have aliases in the namespace of the type', () => {
    expect(schema.aliases).toEqual(['a.b.Old', 'x.Older']);
  });

  it('may be those that JavaScript has a meaning for', () => {
    const odd = record(
      '{"type":"record","name":"constructor","fields":[{"name":"__proto__","type":{"type":"enum","name":"toString","symbols":["__proto__","hasOwnProperty"]},"default":"__proto__"},{"name":"valueOf","type":"toString"}]}',
    );
    expect(odd.fields.map((field) => field.name)).toEqual(['__proto__', 'valueOf']);
    expect(typeOf(odd, 'valueOf')).toBe(typeOf(odd, '__proto__'));
    expect(thrown(() => parseSchema('"hasOwnProperty"')).fault).toBe('schema');
  });
});

describe('what Java takes', () => {
  it('are comments, an error as a record, logical types, properties that nobody knows', () => {
    const schema = record(`/* of 2014 */ {"type": "error", "name": "E", "x": {"y": [1]}, // here
      "fields": [{"name": "t", "type": {"type": "long", "logicalType": "timestamp-millis", "z": null}, "order": "ignore"}]}`);
    expect(typeOf(schema, 't')).toEqual({ type: 'long', logicalType: 'timestamp-millis' });
  });

  it('are longs beyond 2^53 as they are spelled', () => {
    const schema = record(
      '{"type":"record","name":"R","fields":[{"name":"l","type":"long","default":9007199254740993}]}',
    );
    expect(schema.fields[0]!.default).toEqual(new JsonNumber('9007199254740993'));
  });

  it('is a type in a type, as other languages write it', () => {
    expect(parseSchema({ type: { type: 'array', items: { type: ['null', 'int'] } } })).toMatchObject({
      type: 'array',
      items: { type: 'union' },
    });
  });
});

describe('the schema in a file', () => {
  const field = { name: 'a-b', type: 'int', default: 'none' };
  const json = { type: 'record', name: '1 R', fields: [field] };

  it('may have names and defaults that a new schema may not', () => {
    expect(parseSchema(json, { lenient: true })).toMatchObject({ name: '1 R', fields: [{ name: 'a-b' }] });
    expect(thrown(() => parseSchema(json)).message).toContain('has no valid name');
    const named = { type: 'record', name: 'R', fields: [{ ...field, name: 'a' }] };
    expect(thrown(() => parseSchema(named)).message).toBe('the default of field R.a does not fit its type');
  });
});

describe('faults', () => {
  const inRecord = (field: object): object => ({ type: 'record', name: 'R', fields: [field] });
  it.each([
    ['{"type":"record"', 'the schema is not JSON', 'the end of the text'],
    ['{"type":"recrod"}', 'the schema has an unknown type', '"recrod"'],
    ['{"type":"array"}', 'the schema has no items', 'nothing'],
    ['17', 'the schema is no schema', '17'],
    [inRecord({ name: 'f' }), 'field R.f has no type', 'nothing'],
    [inRecord({ type: 'int' }), 'record R has a field without a name', 'nothing'],
    [{ type: 'record', name: 'R', fields: 3 }, 'record R has no fields', '3'],
    [{ type: 'record', fields: [] }, 'is a record without a name', 'nothing'],
    [{ type: 'fixed', name: 'F', size: -1 }, 'fixed F has no valid size', '-1'],
    [{ type: 'enum', name: 'E', symbols: ['A', 'A'] }, 'enum E has a symbol twice', '"A"'],
    [{ type: 'enum', name: 'E', symbols: ['A'], default: 'B' }, 'a default that is none of its symbols', '"B"'],
    [['int', 'int'], 'has a branch twice', '"int"'],
    [['int', ['null']], 'is a union in a union', 'an array'],
    [inRecord({ name: 'f', type: { type: 'fixed', name: 'R', size: 1 } }), 'the type R is defined twice', 'a second'],
    [{ type: 'record', name: 'string', fields: [] }, 'named after the primitive type string', 'string'],
    [inRecord({ name: 'f', type: ['null', 'int'], aliases: 'x' }), 'has aliases that are no list', '"x"'],
    [inRecord({ name: 'f', type: 'int', default: 1.5 }), 'the default of field R.f does not fit', '1.5'],
    [inRecord({ name: 'f', type: 'int', default: 2147483648 }), 'the default of field R.f does not fit', '2147483648'],
    [inRecord({ name: 'f', type: 'boolean', default: 'true' }), 'the default of field R.f does not fit', '"true"'],
    [inRecord({ name: 'f', type: { type: 'array', items: 'int' }, default: {} }), 'does not fit', 'an object'],
  ])('in %j are named', (json, message, found) => {
    const error = thrown(() => parseSchema(json));
    expect(error.fault).toBe('schema');
    expect(error.message).toContain(message);
    expect(error.facts.found).toContain(found);
    expect(error.facts.expected).toBeTruthy();
  });

  it('are no danger to the stack', () => {
    const deep = `${'{"type":"array","items":'.repeat(100_000)}"int"${'}'.repeat(100_000)}`;
    expect(thrown(() => parseSchema(deep)).fault).toBe('limit');
    const endless = { name: 'f', type: 'R', default: {} };
    expect(thrown(() => parseSchema({ type: 'record', name: 'R', fields: [endless] })).fault).toBe('limit');
  });
});

it('reads a schema behind a byte order mark', () => {
  expect(parseSchema('\ufeff{"type":"record","name":"R","fields":[]}')).toMatchObject({ type: 'record' });
});
