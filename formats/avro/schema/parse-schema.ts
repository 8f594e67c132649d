import { FormatError } from '../../format-error.ts';
import type { JsonObject, JsonValue } from './json-text.ts';
import { JsonNumber, parseJsonText } from './json-text.ts';
import { checkDefault } from './default-value.ts';
import { checkName, fullName, isPrimitive, namespaceOf, Names } from './names.ts';
import type { AvroSchema, LogicalTyped, RecordField, UnionSchema } from './schema.ts';
import { branchName } from './schema.ts';

export interface ParseSchemaOptions {
  /**
   * Read as Java's DataFileReader reads the schema in a file's header: names and defaults are taken as they are.
   * For writer schemas, which can't be mended any more. @default false
   */
  lenient?: boolean;
}

/**
 * Reads a schema from its JSON by the rules of Java's Schema.Parser (Avro 1.11): namespaces, aliases, recursive types,
 * comments, enum defaults; properties that Avro doesn't know are left aside, and so is a byte order mark.
 * @throws FormatError 'schema' naming what is wrong and where, 'limit' for JSON of more than 1,000 levels
 */
export function parseSchema(json: string | object, options: ParseSchemaOptions = {}): AvroSchema {
  const text = typeof json === 'string' ? json.replace(/^\ufeff/, '') : JSON.stringify(json);
  const parser = new SchemaParser(!(options.lenient ?? false));
  const schema = parser.schema(parseJsonText(text), '', 'the schema');
  parser.checkDefaults();
  return schema;
}

type NamedType = 'record' | 'error' | 'enum' | 'fixed';

class SchemaParser {
  readonly #names = new Names();
  readonly #strict: boolean;
  /** Checked last, when every record has its fields. */
  readonly #defaults: Array<() => void> = [];

  constructor(strict: boolean) {
    this.#strict = strict;
  }

  checkDefaults(): void {
    for (const check of this.#defaults) check();
  }

  /** `where` says for an error what is being read; `namespace` is the one of the enclosing type. */
  schema(json: JsonValue, namespace: string, where: string): AvroSchema {
    if (typeof json === 'string') return this.#reference(json, namespace, where);
    if (Array.isArray(json)) return this.#union(json, namespace, where);
    if (!(json instanceof Map)) throw fault(where, 'is no schema', 'a name, an object or an array', json);
    const type = json.get('type');
    // {"type": {"type": …}} is no Avro by the letter, but Python and JavaScript write it.
    if (type instanceof Map || Array.isArray(type)) return this.schema(type, namespace, where);
    if (typeof type !== 'string') throw fault(where, 'has no type', 'the property "type"', type);
    if (type === 'record' || type === 'error' || type === 'enum' || type === 'fixed')
      return this.#named(type, json, namespace, where);
    if (type === 'array') {
      const items = required(json, 'items', where);
      return { type, items: this.schema(items, namespace, `the items of ${where}`) };
    }
    if (type === 'map') {
      const values = required(json, 'values', where);
      return { type, values: this.schema(values, namespace, `the values of ${where}`) };
    }
    if (isPrimitive(type)) return { type, ...logicalType(json) };
    return this.#reference(type, namespace, where);
  }

  #reference(name: string, namespace: string, where: string): AvroSchema {
    const type = this.#names.lookUp(name, namespace);
    if (type !== undefined) return type;
    const known = this.#names.list();
    throw fault(where, 'has an unknown type', `a type of Avro${known && `, or one of: ${known}`}`, name);
  }

  #union(json: JsonValue[], namespace: string, where: string): UnionSchema {
    const branches = json.map((branch) => this.schema(branch, namespace, `a branch of ${where}`));
    const seen = new Set<string>();
    for (const branch of branches) {
      const name = branchName(branch);
      if (branch.type === 'union') throw fault(where, 'is a union in a union', 'one union', json);
      if (seen.has(name)) throw fault(where, 'has a branch twice', 'branches that differ by type or name', name);
      seen.add(name);
    }
    return { type: 'union', branches };
  }

  #named(type: NamedType, json: JsonObject, enclosing: string, where: string): AvroSchema {
    const written = json.get('name');
    if (typeof written !== 'string') throw fault(where, `is a ${type} without a name`, 'the property "name"', written);
    const space = json.get('namespace');
    const name = fullName(written, typeof space === 'string' ? space : enclosing);
    const namespace = namespaceOf(name);
    if (this.#strict) checkName(name.slice(namespace === '' ? 0 : namespace.length + 1), `${where}: the ${type}`);
    const aliases = aliasesOf(json, `${type} ${name}`).map((alias) => fullName(alias, namespace));
    if (type === 'fixed') return this.#fixed(name, aliases, json);
    if (type === 'enum') return this.#enum(name, aliases, json);
    const fields: RecordField[] = [];
    const record: AvroSchema = { type: 'record', name, aliases, fields };
    this.#names.define(name, record);
    this.#readFields(json, name, namespace, fields);
    return record;
  }

  #fixed(name: string, aliases: string[], json: JsonObject): AvroSchema {
    const size = json.get('size');
    const bytes = size !== null && typeof size === 'object' && 'text' in size ? Number(size.text) : NaN;
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > 0x7fffffff)
      throw fault(`fixed ${name}`, 'has no valid size', 'a number of bytes', size);
    const schema: AvroSchema = { type: 'fixed', name, aliases, size: bytes, ...logicalType(json) };
    this.#names.define(name, schema);
    return schema;
  }

  #enum(name: string, aliases: string[], json: JsonObject): AvroSchema {
    const where = `enum ${name}`;
    const list = json.get('symbols');
    if (!Array.isArray(list)) throw fault(where, 'has no symbols', 'an array of names', list);
    const symbols: string[] = [];
    const seen = new Set<string>();
    for (const symbol of list) {
      if (typeof symbol !== 'string') throw fault(where, 'has a symbol that is no name', 'a string', symbol);
      if (this.#strict) checkName(symbol, `${where}: the symbol`);
      if (seen.has(symbol)) throw fault(where, 'has a symbol twice', 'symbols that differ', symbol);
      seen.add(symbol);
      symbols.push(symbol);
    }
    const symbol = json.get('default');
    const known = typeof symbol === 'string' && seen.has(symbol);
    if (typeof symbol === 'string' && !known)
      throw fault(where, 'has a default that is none of its symbols', `one of ${symbols.join(', ')}`, symbol);
    const schema: AvroSchema = { type: 'enum', name, aliases, symbols, ...(known ? { default: symbol } : {}) };
    this.#names.define(name, schema);
    return schema;
  }

  #readFields(json: JsonObject, record: string, namespace: string, into: RecordField[]): void {
    const list = json.get('fields');
    if (!Array.isArray(list)) throw fault(`record ${record}`, 'has no fields', 'an array of fields', list);
    const seen = new Set<string>();
    for (const item of list) {
      const name = item instanceof Map ? item.get('name') : undefined;
      if (!(item instanceof Map) || typeof name !== 'string')
        throw fault(`record ${record}`, 'has a field without a name', 'the property "name"', name);
      const where = `field ${record}.${name}`;
      if (this.#strict) checkName(name, where);
      if (seen.has(name)) throw fault(`record ${record}`, 'has a field twice', 'fields that differ by name', name);
      seen.add(name);
      const schema = this.schema(required(item, 'type', where), namespace, where);
      const value = item.get('default');
      into.push({ name, schema, aliases: aliasesOf(item, where), ...(value === undefined ? {} : { default: value }) });
      if (value !== undefined && this.#strict) this.#defaults.push(() => checkDefault(schema, value, where));
    }
  }
}

function logicalType(json: JsonObject): LogicalTyped {
  const name = json.get('logicalType');
  if (typeof name !== 'string') return {};
  const [precision, scale] = [wholeNumber(json.get('precision')), wholeNumber(json.get('scale') ?? ZERO)];
  if (name !== 'decimal' || precision === undefined || scale === undefined) return { logicalType: name };
  return { logicalType: name, decimal: { precision, scale } };
}

const ZERO = new JsonNumber('0');

function wholeNumber(json: JsonValue | undefined): number | undefined {
  const value = json instanceof JsonNumber ? Number(json.text) : NaN;
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function aliasesOf(json: JsonObject, where: string): string[] {
  const list = json.get('aliases') ?? [];
  if (!Array.isArray(list)) throw fault(where, 'has aliases that are no list', 'an array of names', list);
  return list.map((alias) => {
    if (typeof alias !== 'string') throw fault(where, 'has an alias that is no name', 'a string', alias);
    return alias;
  });
}

function required(json: JsonObject, property: string, where: string): JsonValue {
  const value = json.get(property);
  if (value === undefined) throw fault(where, `has no ${property}`, `the property "${property}"`, undefined);
  return value;
}

function fault(where: string, message: string, expected: string, found: JsonValue | undefined): FormatError {
  return new FormatError('schema', `${where} ${message}`, { expected, found: brief(found) });
}

function brief(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'an array';
  return value instanceof Map ? 'an object' : value.text;
}
