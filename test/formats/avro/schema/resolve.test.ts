/**
 * Proves when schemas that don't resolve are found: at once where every datum has the part, at the datum where a union
 * leaves it open. (That they resolve as Java resolves them is shown by java-resolution.test.ts.)
 */
import { describe, expect, it } from 'vitest';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';
import { resolve } from '../../../../formats/avro/schema/resolve.ts';
import type { FormatError } from '../../../../formats/format-error.ts';
import { thrown } from '../support/thrown.ts';

const record = (name: string, ...fields: [string, unknown][]): object => ({
  type: 'record',
  name,
  fields: fields.map(([field, type]) => ({ name: field, type })),
});

function fault(writer: unknown, reader: unknown): FormatError {
  return thrown(() => resolve(parseSchema(writer as object), parseSchema(reader as object)));
}

describe('schemas that no datum can resolve', () => {
  it('are refused with the path of the field and both types', () => {
    const writer = record('W', [
      'a',
      record('Inner', ['list', { type: 'array', items: { type: 'map', values: 'int' } }]),
    ]);
    const reader = record('W', [
      'a',
      record('Inner', ['list', { type: 'array', items: { type: 'map', values: 'bytes' } }]),
    ]);
    const error = fault(writer, reader);
    expect(error.fault).toBe('schema');
    expect(error.message).toBe('field a.list[]{} does not resolve to the output schema');
    expect(error.facts).toMatchObject({ expected: 'bytes', found: 'int' });
  });

  it('are those too where no branch of a union fits', () => {
    const error = fault(record('W', ['u', ['null', 'int']]), record('W', ['u', 'string']));
    expect(error.message).toBe('field u does not resolve to the output schema');
    expect(error.facts).toMatchObject({ expected: 'string', found: 'a union of null, int' });
    expect(fault(record('W', ['u', 'string']), record('W', ['u', ['null', 'int']])).facts.expected).toBe(
      'a union of null, int',
    );
  });

  it('lack a field that has no default', () => {
    const error = fault(record('W', ['a', record('I', ['x', 'int'])]), record('W', ['a', record('I', ['y', 'int'])]));
    expect(error.message).toBe('field a.y does not resolve to the output schema');
    expect(error.facts.found).toBe('the fields x');
  });

  it('are found behind recursion', () => {
    const list = (type: string): object => record('N', ['next', ['null', 'N']], ['v', type]);
    expect(fault(list('string'), list('int')).message).toContain('field v');
  });
});

describe('schemas that some data can resolve', () => {
  it('are not refused', () => {
    const writer = record('W', ['u', ['null', 'string', { type: 'array', items: 'int' }]]);
    const reader = record('W', ['u', ['null', 'long', { type: 'array', items: 'string' }]]);
    expect(resolve(parseSchema(writer), parseSchema(reader)).kind).toBe('record');
  });
});
