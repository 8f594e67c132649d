import { JsonNumber, type JsonValue } from './json-text.ts';
import type { AvroSchema, NamedSchema, RecordField } from './schema.ts';

/**
 * How much of a schema two must have in common. `model`: all that Rewind reads of it, names written out; comments, the
 * order of properties and how namespaces are spelled don't count. `bytes`: what the encoding depends on, as Avro's parsing
 * canonical form: no defaults, aliases and logical types.
 */
export type Sameness = 'model' | 'bytes';

/** A text that is the same for schemas that are the same in that way. */
export function schemaText(schema: AvroSchema, sameness: Sameness): string {
  return JSON.stringify(written(schema, sameness, new Set()));
}

function written(schema: AvroSchema, sameness: Sameness, seen: Set<AvroSchema>): unknown {
  const all = sameness === 'model';
  const logical = all && 'logicalType' in schema ? [schema.logicalType, schema.decimal ?? null] : [];
  const inside = (part: AvroSchema): unknown => written(part, sameness, seen);
  if (schema.type === 'array') return [schema.type, inside(schema.items)];
  if (schema.type === 'map') return [schema.type, inside(schema.values)];
  if (schema.type === 'union') return [schema.type, ...schema.branches.map(inside)];
  if (!('name' in schema)) return [schema.type, ...logical];
  if (seen.has(schema)) return schema.name;
  seen.add(schema);
  const named = [schema.type, schema.name, ...(all ? [aliases(schema)] : [])];
  if (schema.type === 'fixed') return [...named, schema.size, ...logical];
  if (schema.type === 'enum') return [...named, schema.symbols, ...(all ? [schema.default ?? null] : [])];
  const field = (one: RecordField): unknown => [
    one.name,
    inside(one.schema),
    ...(all ? [aliases(one), 'default' in one ? [plain(one.default)] : []] : []),
  ];
  return [...named, schema.fields.map(field)];
}

function aliases({ aliases: names }: Pick<NamedSchema, 'aliases'>): readonly string[] {
  return names.toSorted();
}

/** Objects as sorted pairs, numbers as they are spelled. */
function plain(value: JsonValue | undefined): unknown {
  if (value instanceof JsonNumber) return { number: value.text };
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  const pairs = [...value].map(([key, one]) => [key, plain(one)] as const);
  return { object: pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) };
}
