import { FormatError } from '../../format-error.ts';
import type { AvroSchema, RecordField, RecordSchema } from './schema.ts';
import { branchName } from './schema.ts';

/**
 * The writer's schema with the names that the reader's aliases give its types and fields, as Java's
 * Schema.applyAliases does it: a field's alias counts only inside of the record of the same full name (or one of the
 * record's own aliases).
 * @throws FormatError 'schema' where two fields or branches would end up with one name
 */
export function renameWriter(writer: AvroSchema, reader: AvroSchema): AvroSchema {
  if (sameNames(writer, reader, new Map())) return writer;
  const aliases = new Aliases();
  aliases.collect(reader, new Set());
  return aliases.isEmpty() ? writer : aliases.rename(writer, new Map());
}

class Aliases {
  readonly #types = new Map<string, string>();
  /** By the full name of the record, what the reader calls the fields that a writer may know by other names. */
  readonly #fields = new Map<string, Map<string, string>>();

  isEmpty(): boolean {
    return this.#types.size === 0 && this.#fields.size === 0;
  }

  collect(schema: AvroSchema, seen: Set<AvroSchema>): void {
    if ('aliases' in schema) for (const alias of schema.aliases) this.#types.set(alias, schema.name);
    if (schema.type === 'array') this.collect(schema.items, seen);
    else if (schema.type === 'map') this.collect(schema.values, seen);
    else if (schema.type === 'union') for (const branch of schema.branches) this.collect(branch, seen);
    else if (schema.type === 'record' && !seen.has(schema)) {
      seen.add(schema);
      this.#collectFields(schema, seen);
    }
  }

  #collectFields(record: RecordSchema, seen: Set<AvroSchema>): void {
    for (const field of record.fields) {
      for (const alias of field.aliases) {
        const names = this.#fields.get(record.name) ?? new Map<string, string>();
        this.#fields.set(record.name, names.set(alias, field.name));
      }
      this.collect(field.schema, seen);
    }
    const names = this.#fields.get(record.name);
    if (names !== undefined) for (const alias of record.aliases) this.#fields.set(alias, names);
  }

  rename(schema: AvroSchema, renamed: Map<AvroSchema, AvroSchema>): AvroSchema {
    switch (schema.type) {
      case 'array':
        return { ...schema, items: this.rename(schema.items, renamed) };
      case 'map':
        return { ...schema, values: this.rename(schema.values, renamed) };
      case 'union': {
        const branches = schema.branches.map((branch) => this.rename(branch, renamed));
        checkDistinct(branches.map(branchName), 'two branches of a union of the writer');
        return { ...schema, branches };
      }
      case 'enum':
      case 'fixed':
        return { ...schema, name: this.#types.get(schema.name) ?? schema.name };
      case 'record':
        return renamed.get(schema) ?? this.#renameRecord(schema, renamed);
      default:
        return schema;
    }
  }

  #renameRecord(record: RecordSchema, renamed: Map<AvroSchema, AvroSchema>): RecordSchema {
    const name = this.#types.get(record.name) ?? record.name;
    const names = this.#fields.get(name);
    const fields: RecordField[] = [];
    const result: RecordSchema = { ...record, name, fields };
    renamed.set(record, result);
    for (const field of record.fields)
      fields.push({ ...field, name: names?.get(field.name) ?? field.name, schema: this.rename(field.schema, renamed) });
    checkDistinct(
      fields.map((field) => field.name),
      `two fields of the writer's record ${record.name}`,
    );
    return result;
  }
}

function checkDistinct(names: string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      throw new FormatError('schema', `the aliases of the output schema give one name to ${what}`, {
        expected: 'aliases that keep names apart',
        found: `${name} twice`,
      });
    seen.add(name);
  }
}

/** Whether aliases can't change anything: Java leaves a writer alone that equals the reader. */
function sameNames(a: AvroSchema, b: AvroSchema, seen: Map<AvroSchema, AvroSchema>): boolean {
  if (a === b) return true;
  if (a.type !== b.type || branchName(a) !== branchName(b)) return false;
  if (a.type === 'array' && b.type === 'array') return sameNames(a.items, b.items, seen);
  if (a.type === 'map' && b.type === 'map') return sameNames(a.values, b.values, seen);
  if (a.type === 'fixed' && b.type === 'fixed') return a.size === b.size;
  if (a.type === 'enum' && b.type === 'enum') return a.symbols.join() === b.symbols.join();
  if (a.type === 'union' && b.type === 'union')
    return (
      a.branches.length === b.branches.length &&
      a.branches.every((branch, index) => sameNames(branch, b.branches[index]!, seen))
    );
  if (a.type !== 'record' || b.type !== 'record') return true;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  return (
    a.fields.length === b.fields.length &&
    a.fields.every((field, index) => {
      const other = b.fields[index]!;
      return field.name === other.name && sameNames(field.schema, other.schema, seen);
    })
  );
}
