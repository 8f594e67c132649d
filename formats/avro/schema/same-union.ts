import type { AvroSchema, RecordSchema, UnionSchema } from './schema.ts';
import { shortName } from './schema.ts';

/**
 * Whether two unions have the same branches in the same order, names without namespace (Java's Resolver.unionEquiv):
 * then a branch keeps its index, and no match is looked for.
 */
export function sameUnion(writer: UnionSchema, reader: UnionSchema): boolean {
  return same(writer, reader, new Map());
}

type Seen = Map<RecordSchema, Map<RecordSchema, boolean>>;

function same(writer: AvroSchema, reader: AvroSchema, seen: Seen): boolean {
  if (writer.type !== reader.type) return false;
  if ('name' in writer && 'name' in reader && shortName(writer.name) !== shortName(reader.name)) return false;
  if (writer.type === 'array' && reader.type === 'array') return same(writer.items, reader.items, seen);
  if (writer.type === 'map' && reader.type === 'map') return same(writer.values, reader.values, seen);
  if (writer.type === 'fixed' && reader.type === 'fixed') return writer.size === reader.size;
  if (writer.type === 'enum' && reader.type === 'enum')
    return (
      writer.symbols.length === reader.symbols.length &&
      writer.symbols.every((symbol, index) => symbol === reader.symbols[index])
    );
  if (writer.type === 'union' && reader.type === 'union')
    return (
      writer.branches.length === reader.branches.length &&
      writer.branches.every((branch, index) => same(branch, reader.branches[index]!, seen))
    );
  return writer.type !== 'record' || reader.type !== 'record' || sameRecord(writer, reader, seen);
}

function sameRecord(writer: RecordSchema, reader: RecordSchema, seen: Seen): boolean {
  const byReader = seen.get(writer) ?? new Map<RecordSchema, boolean>();
  seen.set(writer, byReader);
  const known = byReader.get(reader);
  if (known !== undefined) return known;
  byReader.set(reader, true); // a record that holds itself is the same unless something else differs
  const result =
    writer.fields.length === reader.fields.length &&
    writer.fields.every((field, index) => {
      const other = reader.fields[index]!;
      return field.name === other.name && same(field.schema, other.schema, seen);
    });
  byReader.set(reader, result);
  return result;
}
