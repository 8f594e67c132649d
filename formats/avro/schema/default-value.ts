import { ByteWriter } from '../../byte-writer.ts';
import { FormatError } from '../../format-error.ts';
import { appendLong } from '../datum/append-long.ts';
import type { JsonObject, JsonValue } from './json-text.ts';
import { JsonNumber } from './json-text.ts';
import type { AvroSchema, FixedSchema, PrimitiveSchema, RecordSchema } from './schema.ts';

/** Values in one default, nested ones included: a recursive type can call for itself without end. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 500;

/**
 * Any text will do for an enum here, as in Java: a default matters only where the writer lacks the field.
 * @throws FormatError 'schema' for a default that the type can't hold
 */
export function checkDefault(schema: AvroSchema, value: JsonValue, where: string): void {
  new DefaultEncoder(where, true).put(schema, value, 0);
}

/**
 * A default, which a schema gives in JSON, in Avro's binary encoding. Bytes and fixed are strings of U+0000 to U+00FF
 * (a fixed is cut or filled with zeros, and what has no place in the encoding becomes a question mark, as Java does);
 * a union takes the first of its branches that can hold the value (the specification until 1.11: the first one).
 * @throws FormatError 'schema' for a default that the type can't hold
 */
export function encodeDefault(schema: AvroSchema, value: JsonValue, where: string): Buffer {
  const encoder = new DefaultEncoder(where, false);
  encoder.put(schema, value, 0);
  return Buffer.from(encoder.out.view());
}

class DefaultEncoder {
  readonly out = new ByteWriter(64);
  readonly #where: string;
  readonly #anySymbol: boolean;
  #values = 0;

  constructor(where: string, anySymbol: boolean) {
    this.#where = where;
    this.#anySymbol = anySymbol;
  }

  put(schema: AvroSchema, value: JsonValue, depth: number): void {
    if (++this.#values > MAX_VALUES || depth > MAX_DEPTH) throw this.#tooLarge();
    switch (schema.type) {
      case 'null':
        if (value !== null) throw this.#misfit('null', value);
        return;
      case 'boolean':
        if (typeof value !== 'boolean') throw this.#misfit('true or false', value);
        return this.out.append(Uint8Array.of(value ? 1 : 0));
      case 'int':
      case 'long':
        return appendLong(this.out, this.#integer(value, schema.type === 'int' ? 32 : 64));
      case 'float':
      case 'double':
        return this.#putFloating(value, schema.type);
      case 'bytes':
      case 'string':
      case 'fixed':
        return this.#putText(schema, value);
      case 'enum': {
        const index = typeof value === 'string' ? schema.symbols.indexOf(value) : -1;
        if (index < 0 && this.#anySymbol && typeof value === 'string') return;
        if (index < 0) throw this.#misfit(`one of ${schema.symbols.join(', ')}`, value);
        return appendLong(this.out, BigInt(index));
      }
      case 'array':
        if (!Array.isArray(value)) throw this.#misfit('an array', value);
        if (value.length > 0) appendLong(this.out, BigInt(value.length));
        for (const item of value) this.put(schema.items, item, depth + 1);
        return appendLong(this.out, 0n);
      case 'map':
        if (!(value instanceof Map)) throw this.#misfit('an object', value);
        if (value.size > 0) appendLong(this.out, BigInt(value.size));
        for (const [key, item] of value) {
          this.#putText({ type: 'string' }, key);
          this.put(schema.values, item, depth + 1);
        }
        return appendLong(this.out, 0n);
      case 'record':
        if (!(value instanceof Map)) throw this.#misfit('an object', value);
        return this.#putFields(schema, value, depth);
      case 'union':
        return this.#putFirstMatch(schema.branches, value, depth);
    }
  }

  #integer(value: JsonValue, bits: number): bigint {
    const digits = value instanceof JsonNumber ? /^(-?[0-9]+)(?:\.0+)?$/.exec(value.text)?.[1] : undefined;
    const number = digits === undefined || digits.length > 20 ? undefined : BigInt(digits);
    if (number === undefined || BigInt.asIntN(bits, number) !== number)
      throw this.#misfit(`an integer of ${bits} bits`, value);
    return number;
  }

  #putFloating(value: JsonValue, type: 'float' | 'double'): void {
    const number = asDouble(value);
    if (number === undefined) throw this.#misfit('a number', value);
    const bytes = Buffer.alloc(type === 'float' ? 4 : 8);
    if (type === 'float') bytes.writeFloatLE(number);
    else bytes.writeDoubleLE(number);
    this.out.append(bytes);
  }

  #putText(schema: PrimitiveSchema | FixedSchema, value: JsonValue): void {
    if (typeof value !== 'string') throw this.#misfit('a string', value);
    const bytes =
      schema.type === 'string'
        ? Buffer.from(value.replace(/\p{Surrogate}/gu, '?'), 'utf8')
        : Buffer.from(value.replace(/[^\u0000-\u00ff]/gu, '?'), 'latin1');
    if (schema.type !== 'fixed') appendLong(this.out, BigInt(bytes.length));
    if (schema.type !== 'fixed') return this.out.append(bytes);
    const sized = Buffer.alloc(schema.size);
    bytes.copy(sized);
    this.out.append(sized);
  }

  #putFields(schema: RecordSchema, value: JsonObject, depth: number): void {
    for (const field of schema.fields) {
      const item = value.get(field.name);
      const chosen = item === undefined ? field.default : item;
      if (chosen === undefined)
        throw new FormatError('schema', `the default of ${this.#where} lacks the field ${field.name}`, {
          expected: `a value for ${schema.name}.${field.name}, which has no default of its own`,
          found: 'none',
        });
      this.put(field.schema, chosen, depth + 1);
    }
  }

  #putFirstMatch(branches: readonly AvroSchema[], value: JsonValue, depth: number): void {
    const start = this.out.length;
    let first: FormatError | undefined;
    for (const [index, branch] of branches.entries())
      try {
        appendLong(this.out, BigInt(index));
        return this.put(branch, value, depth + 1);
      } catch (error) {
        if (!(error instanceof FormatError) || error.fault === 'limit') throw error;
        this.out.length = start;
        first ??= error;
      }
    throw first ?? this.#misfit('nothing: the union has no branches', value);
  }

  #misfit(expected: string, value: JsonValue): FormatError {
    return new FormatError('schema', `the default of ${this.#where} does not fit its type`, {
      expected,
      found: spelled(value),
    });
  }

  #tooLarge(): FormatError {
    return new FormatError('limit', `the default of ${this.#where} is too large`, {
      expected: `at most ${MAX_VALUES} values in ${MAX_DEPTH} levels`,
      found: 'more',
    });
  }
}

/** Java takes a float or double that is written as a string, which is the only way to say NaN. */
function asDouble(value: JsonValue): number | undefined {
  if (value instanceof JsonNumber) return Number(value.text);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) && value !== 'NaN' ? undefined : number;
}

function spelled(value: JsonValue): string {
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Map) return 'an object';
  return value instanceof JsonNumber ? value.text : JSON.stringify(value).slice(0, 100);
}
