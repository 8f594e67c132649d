/** Proves what becomes of a field of each type as the key of a Kafka message. */
import { describe, expect, it } from 'vitest';
import { compileFieldReader } from '../../../formats/avro/field-reader.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { thrown } from './support/thrown.ts';

function key(type: unknown, hex: string): string | undefined {
  const schema = parseSchema({ type: 'record', name: 'R', fields: [{ name: 'k', type }] });
  const datum = Buffer.from(hex, 'hex');
  const bytes = compileFieldReader(schema, ['k']).read(datum, 0, datum.length);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('latin1');
}

describe('a key', () => {
  it.each([
    ['string', '06613fff', 'a?ÿ'],
    ['string', '00', ''],
    ['bytes', '0400ff', '\0ÿ'],
    [{ type: 'fixed', name: 'F', size: 2 }, '0102', '\u0001\u0002'],
    ['int', '01', '-1'],
    ['long', 'ffffffffffffffffff01', '-9223372036854775808'],
    ['boolean', '01', 'true'],
    ['boolean', '00', 'false'],
    ['float', 'cdcccc3d', '0.1'],
    ['double', '000000000000f83f', '1.5'],
    ['double', '000000000000f8ff', 'NaN'],
    [{ type: 'enum', name: 'E', symbols: ['A', 'B'] }, '02', 'B'],
    [['null', 'string', 'int'], '0404', '2'],
    [['null', 'string'], '00', undefined],
  ])('of type %j', (type, hex, expected) => {
    expect(key(type, hex)).toBe(expected);
  });

  it('can not be a record, an array or a map', () => {
    const error = thrown(() => key({ type: 'array', items: 'int' }, '00'));
    expect(error.fault).toBe('schema');
    expect(error.facts.found).toBe('array');
  });
});
