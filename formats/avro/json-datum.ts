import type { ByteWriter } from '../byte-writer.ts';
import { FormatError } from '../format-error.ts';
import { appendCount, appendLong } from './datum/append-long.ts';
import { JsonNumber, type JsonValue } from './schema/json-text.ts';
import { branchName, type AvroSchema, type RecordSchema } from './schema/schema.ts';

/** Deeper values are refused, so that none can exhaust the stack. */
const MAX_DEPTH = 500;

/**
 * Appends a value of Avro's JSON encoding in the binary encoding, as Java's JsonDecoder reads it: fields in any order
 * and every one of them there, a union's value in an object that names its branch, bytes and fixed as strings of U+0000
 * to U+00FF. Stricter where Java loses something without a word: an int with a fraction, a fixed of another size, and
 * a field that the schema doesn't have are errors.
 *
 * @param beside - a field of the outermost record that may be there although the schema lacks it
 * @throws FormatError 'corrupt' naming the field that doesn't fit
 */
export function putJsonDatum(schema: AvroSchema, value: JsonValue, out: ByteWriter, beside?: string): void {
  put(schema, value, out, { where: 'the value', depth: 0, beside });
}

interface Place {
  where: string;
  depth: number;
  beside?: string | undefined;
}

function put(schema: AvroSchema, value: JsonValue, out: ByteWriter, place: Place): void {
  if (place.depth > MAX_DEPTH) throw misfit(place, `at most ${MAX_DEPTH} levels`, value);
  switch (schema.type) {
    case 'null':
      if (value !== null) throw misfit(place, 'null', value);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') throw misfit(place, 'true or false', value);
      return out.append(Uint8Array.of(value ? 1 : 0));
    case 'int':
    case 'long':
      return appendLong(out, integer(value, schema.type === 'int' ? 32 : 64, place));
    case 'float':
    case 'double':
      return putFloating(schema.type, value, out, place);
    case 'string': {
      if (typeof value !== 'string') throw misfit(place, 'a string', value);
      return putBytes(Buffer.from(value), out);
    }
    case 'bytes':
      return putBytes(latin1(value, place), out);
    case 'fixed': {
      const bytes = latin1(value, place);
      if (bytes.length !== schema.size) throw misfit(place, `a string of ${schema.size} characters`, value);
      return out.append(bytes);
    }
    case 'enum': {
      const index = typeof value === 'string' ? schema.symbols.indexOf(value) : -1;
      if (index < 0) throw misfit(place, `one of ${schema.symbols.slice(0, 20).join(', ')}`, value);
      return appendCount(out, index);
    }
    case 'array': {
      if (!Array.isArray(value)) throw misfit(place, 'an array', value);
      if (value.length > 0) appendCount(out, value.length);
      for (const item of value) put(schema.items, item, out, inside(place, '[]'));
      return appendCount(out, 0);
    }
    case 'map': {
      if (!(value instanceof Map)) throw misfit(place, 'an object', value);
      if (value.size > 0) appendCount(out, value.size);
      for (const [key, item] of value) {
        putBytes(Buffer.from(key), out);
        put(schema.values, item, out, inside(place, '{}'));
      }
      return appendCount(out, 0);
    }
    case 'union': {
      const [name, item] = branchOf(value, place);
      const index = schema.branches.findIndex((branch) => branchName(branch) === name);
      if (index < 0) throw misfit(place, `one of ${schema.branches.map(branchName).join(', ')}`, name);
      appendCount(out, index);
      return put(schema.branches[index]!, item, out, { ...place, depth: place.depth + 1 });
    }
    case 'record':
      return putRecord(schema, value, out, place);
  }
}

function putRecord({ fields, name }: RecordSchema, value: JsonValue, out: ByteWriter, place: Place): void {
  if (!(value instanceof Map)) throw misfit(place, `an object with the fields of ${name}`, value);
  let found = 0;
  for (const field of fields) {
    const item = value.get(field.name);
    const at = inside(place, field.name);
    if (item === undefined) throw misfit(at, 'a value: Avro JSON has every field', undefined);
    found += 1;
    put(field.schema, item, out, at);
  }
  if (found === value.size) return;
  const known = new Set(fields.map((field) => field.name));
  for (const key of value.keys())
    if (!known.has(key) && !(place.depth === 0 && key === place.beside))
      throw misfit(place, `the fields of ${name} alone`, key);
}

/** Null stands for itself; anything else is in an object whose only key is the branch. */
function branchOf(value: JsonValue, place: Place): readonly [name: string, value: JsonValue] {
  if (value === null) return ['null', null];
  const [entry, ...more] = value instanceof Map ? [...value] : [];
  if (entry === undefined || more.length > 0)
    throw misfit(place, 'null, or an object whose one key names a branch of the union', value);
  return entry;
}

function integer(value: JsonValue, bits: number, place: Place): bigint {
  const digits = value instanceof JsonNumber ? /^(-?[0-9]+)(?:\.0+)?$/.exec(value.text)?.[1] : undefined;
  const number = digits === undefined || digits.length > 20 ? undefined : BigInt(digits);
  if (number === undefined || BigInt.asIntN(bits, number) !== number)
    throw misfit(place, `an integer of ${bits} bits`, value);
  return number;
}

/** What JSON has no number for is a string, as Java's encoder writes it. */
const NO_NUMBERS = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

function putFloating(type: 'float' | 'double', value: JsonValue, out: ByteWriter, place: Place): void {
  const number =
    value instanceof JsonNumber ? Number(value.text) : typeof value === 'string' ? NO_NUMBERS.get(value) : undefined;
  if (number === undefined) throw misfit(place, 'a number', value);
  const bytes = Buffer.alloc(type === 'float' ? 4 : 8);
  if (type === 'float') bytes.writeFloatLE(number);
  else bytes.writeDoubleLE(number);
  out.append(bytes);
}

function latin1(value: JsonValue, place: Place): Buffer {
  if (typeof value !== 'string' || /[^\u0000-\u00ff]/.test(value))
    throw misfit(place, 'a string of characters up to U+00FF, one a byte', value);
  return Buffer.from(value, 'latin1');
}

function putBytes(bytes: Buffer, out: ByteWriter): void {
  appendCount(out, bytes.length);
  out.append(bytes);
}

function inside({ where, depth }: Place, step: string): Place {
  return { where: step.startsWith('[') || step.startsWith('{') ? where + step : `${where}.${step}`, depth: depth + 1 };
}

function misfit({ where }: Place, expected: string, value: JsonValue | undefined): FormatError {
  const found = value === undefined ? 'nothing' : spelled(value);
  return new FormatError('corrupt', `${where} is not of its schema: expected ${expected}, found ${found}`, {
    expected,
    found,
  });
}

function spelled(value: JsonValue): string {
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Map) return 'an object';
  return value instanceof JsonNumber ? value.text : JSON.stringify(value).slice(0, 100);
}
