/**
 * Proves what the fixtures have no case for: the three encodings beside each other, fields in another order, and that
 * damaged or hostile bytes and schemas cost no more than an error: no hang, no stack overflow, no huge allocation.
 */
import { describe, expect, it } from 'vitest';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { compileSkip } from '../../../formats/avro/skip-datum.ts';
import type { RecordEncoding } from '../../../formats/avro/transcoder.ts';
import { compileTranscoder } from '../../../formats/avro/transcoder.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import type { FormatError } from '../../../formats/format-error.ts';
import { thrown } from './support/thrown.ts';

type Json = string | object;

const record = (name: string, ...fields: [string, unknown][]): object => ({
  type: 'record',
  name,
  fields: fields.map(([field, type]) => ({ name: field, type })),
});

/** The published bytes of a datum that is all of the data. */
function publish(writer: Json, hex: string, encoding: RecordEncoding = 'avro-json', reader: Json = writer): Buffer {
  const data = Buffer.from(hex, 'hex');
  const schema = (json: Json): Json => (typeof json === 'string' ? JSON.stringify(json) : json);
  const transcoder = compileTranscoder(parseSchema(schema(writer)), parseSchema(schema(reader)), encoding);
  const out = new ByteWriter(8);
  expect(transcoder.transcode(data, 0, data.length, out)).toBe(data.length);
  return Buffer.from(out.view());
}

function refusal(
  writer: Json,
  hex: string,
  encoding: RecordEncoding = 'avro-json',
  reader: Json = writer,
): FormatError {
  return thrown(() => publish(writer, hex, encoding, reader));
}

describe('the encodings', () => {
  const union = ['null', 'string', record('n.R', ['b', 'bytes'])];
  it('wrap the values of unions in Avro JSON, and not in JSON', () => {
    expect(publish(union, '0402ff').toString()).toBe('{"n.R":{"b":"ÿ"}}');
    expect(publish(union, '0402ff', 'json').toString()).toBe('{"b":"ÿ"}');
    expect(publish(union, '00', 'json').toString()).toBe('null');
    expect(publish(union, '0402ff', 'avro-binary').toString('hex')).toBe('0402ff');
  });

  it('keep the entries of a map as they come', () => {
    const hex = ['02026202', '030c026104026206', '00'].join(''); // a block of one, a block of two that says its length
    expect(publish({ type: 'map', values: 'int' }, hex).toString()).toBe('{"b":1,"a":2,"b":3}');
  });

  it('refuse a string that is not UTF-8 in JSON, and pass it on as it is in Avro binary', () => {
    expect(refusal('string', '02ff').fault).toBe('corrupt');
    expect(publish('string', '02ff', 'avro-binary').toString('hex')).toBe('02ff');
  });

  it('make one block of many in Avro binary', () => {
    const items = '02'.repeat(70);
    const two = `8c01${items}8b018c01${items}00`;
    expect(publish({ type: 'array', items: 'int' }, two, 'avro-binary').toString('hex')).toBe(`9802${items}${items}00`);
  });
});

describe('fields in another order', () => {
  const writer = record(
    'W',
    ['a', 'int'],
    ['gone', { type: 'array', items: 'string' }],
    ['b', 'string'],
    ['c', 'long'],
  );
  const hex = ['02', '03080261026200', '0278', '0e'].join('');
  it('are decoded where they lie', () => {
    const reader = record('W', ['c', 'long'], ['b', 'string'], ['a', 'int']);
    expect(publish(writer, hex, 'avro-json', reader).toString()).toBe('{"c":7,"b":"x","a":1}');
    expect(publish(writer, hex, 'avro-binary', reader).toString('hex')).toBe('0e027802');
  });

  it('cost no memory for what is left out, and are checked even so', () => {
    const reader = record('W', ['c', 'long']);
    expect(publish(writer, hex, 'avro-json', reader).toString()).toBe('{"c":7}');
    expect(refusal(writer, '02030802', 'avro-json', reader).fault).toBe('truncated');
  });
});

describe('a datum', () => {
  it('leaves nothing behind when it fails, and says where', () => {
    const schema = parseSchema(record('R', ['s', 'string'], ['i', 'int']));
    const out = new ByteWriter(4);
    out.append(Buffer.from('kept'));
    const data = Buffer.from('ffff0461620402', 'hex');
    const transcoder = compileTranscoder(schema, schema, 'avro-json');
    const error = thrown(() => transcoder.transcode(data, 2, 5, out));
    expect(error.describe('f')).toBe(
      'f at byte 2: field R.i is cut off: expected the rest of a number, found 0 bytes to the end of the data',
    );
    expect(error.facts).toMatchObject({ position: 2, noticedAt: 5 });
    expect(out.view().toString()).toBe('kept');
    expect(transcoder.transcode(data, 2, 7, out)).toBe(6);
    expect(out.view().toString()).toBe('kept{"s":"ab","i":2}');
  });
});

describe('damaged numbers', () => {
  it.each([
    ['long', 'ffffffffffffffffffff01', 'corrupt'],
    ['long', 'ffffffffffffffffff02', 'corrupt'],
    ['long', 'ffffffffff', 'truncated'],
    ['int', '8080808010', 'corrupt'],
    ['boolean', '02', 'corrupt'],
    ['boolean', '', 'truncated'],
    ['float', '000000', 'truncated'],
    ['string', '03', 'corrupt'],
    ['bytes', '04ff', 'truncated'],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, '02', 'corrupt'],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, '01', 'corrupt'],
    [['null', 'int'], '04', 'corrupt'],
    [{ type: 'array', items: 'int' }, '0602', 'corrupt'],
    [{ type: 'array', items: 'double' }, '0400000000000000000000', 'corrupt'],
    [{ type: 'array', items: 'int' }, '0306020200', 'corrupt'],
    [{ type: 'array', items: 'int' }, '01ffffffffffffffffff01', 'corrupt'],
    [{ type: 'array', items: 'int' }, 'ffffffffffffffffff010200', 'corrupt'],
    [{ type: 'map', values: 'null' }, 'feffffffffffffffff01', 'corrupt'],
  ])('of %j in %s are %s', (schema, hex, fault) => {
    for (const encoding of ['avro-json', 'avro-binary'] as const)
      expect(refusal(schema, hex, encoding).fault).toBe(fault);
  });

  it('are as large as they can be', () => {
    expect(publish('long', 'ffffffffffffffffff01').toString()).toBe('-9223372036854775808');
    expect(publish('int', 'ffffffff0f').toString()).toBe('-2147483648');
  });
});

describe('hostile data', () => {
  const list = record('N', ['v', 'int'], ['next', ['null', 'N']]);
  it('is nested at most 1,000 records deep', () => {
    expect(publish(list, `${'0002'.repeat(999)}0000`).toString()).toContain('{"N":{"v":0,"next":null}}');
    for (const encoding of ['avro-json', 'avro-binary'] as const)
      expect(refusal(list, `${'0002'.repeat(60_000)}0000`, encoding).fault).toBe('limit');
    const skip = compileSkip(parseSchema(list));
    const deep = Buffer.from(`${'0002'.repeat(60_000)}0000`, 'hex');
    expect(thrown(() => skip(deep, 0, deep.length)).fault).toBe('limit');
  });

  it('can not exhaust the stack with levels between the records', () => {
    let items: unknown = 'R';
    for (let i = 0; i < 300; i++) items = { type: 'array', items };
    const schema = record('R', ['a', items]);
    const error = refusal(schema, '02'.repeat(300_000));
    expect(error.fault).toBe('limit');
    expect(error.cause).toBeInstanceOf(RangeError);
  });

  it.each(['null', record('Empty'), { type: 'fixed', name: 'F', size: 0 }])(
    'has a million items of %j at most',
    (items) => {
      const array = { type: 'array', items };
      expect(publish(array, '80808001' + '00').length).toBeGreaterThan(1 << 20);
      for (const encoding of ['avro-json', 'avro-binary'] as const) {
        expect(refusal(array, '8280800100', encoding).fault).toBe('limit');
        expect(refusal({ type: 'array', items: array }, '04808080018080800100', encoding).fault).toBe('limit');
      }
    },
  );

  it('becomes no more than 256 MiB', () => {
    const schema = { type: 'array', items: { type: 'enum', name: 'E', symbols: ['A'.repeat(1 << 22)] } };
    expect(refusal(schema, `c801${'00'.repeat(100)}00`).fault).toBe('limit');
  });
});

describe('hostile schemas', () => {
  it('do not make millions of fields out of nothing', () => {
    let nested: object = record('R0');
    for (let i = 1; i < 40; i++) nested = record(`R${i}`, ['a', nested], ['b', `R${i - 1}`]);
    expect(refusal(nested, '').fault).toBe('limit');
    expect(thrown(() => compileSkip(parseSchema(nested))).fault).toBe('limit');
    expect(refusal(record('R', ['self', 'R']), '').fault).toBe('limit');
  });
});
