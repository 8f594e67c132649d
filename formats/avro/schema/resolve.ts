import type { ResolverAction, RecordAction } from './resolver-action.ts';
import { promotes } from './promotion.ts';
import { checkResolved } from './check-resolved.ts';
import { renameWriter } from './rename-writer.ts';
import type { AvroSchema, EnumSchema, PrimitiveSchema, RecordSchema, UnionSchema } from './schema.ts';
import { branchName, fieldIndex, shortName } from './schema.ts';
import { sameUnion } from './same-union.ts';

/**
 * Resolves the writer's schema to the reader's as Java's Resolver does (Avro 1.11), its liberties included: records
 * match whatever their names, enums and fixed by their names without namespace, a reader's union takes its first
 * exact match, then a record of the same structure, then a promotion.
 * @throws FormatError 'schema' with the path of the field, for what no value could resolve
 */
export function resolve(writer: AvroSchema, reader: AvroSchema): ResolverAction {
  return checkResolved(new Resolver().resolve(renameWriter(writer, reader), reader));
}

class Resolver {
  readonly #records = new Map<RecordSchema, Map<RecordSchema, RecordAction>>();

  resolve(writer: AvroSchema, reader: AvroSchema): ResolverAction {
    if (writer.type === 'union') {
      const same = reader.type === 'union' && sameUnion(writer, reader);
      const branches = writer.branches.map((branch, index) =>
        same ? this.#toBranch(branch, reader, index) : this.resolve(branch, reader),
      );
      return { kind: 'writer-union', writer, reader, branches };
    }
    if (reader.type === 'union') {
      const index = this.#firstMatch(writer, reader);
      return index < 0 ? mismatch(writer, reader) : this.#toBranch(writer, reader, index);
    }
    switch (writer.type) {
      case 'array':
        if (reader.type !== 'array') return mismatch(writer, reader);
        return { kind: 'array', writer, reader, items: this.resolve(writer.items, reader.items) };
      case 'map':
        if (reader.type !== 'map') return mismatch(writer, reader);
        return { kind: 'map', writer, reader, values: this.resolve(writer.values, reader.values) };
      case 'record':
        return reader.type === 'record' ? this.#record(writer, reader) : mismatch(writer, reader);
      case 'enum':
        if (reader.type !== 'enum' || shortName(writer.name) !== shortName(reader.name))
          return mismatch(writer, reader);
        return { kind: 'enum', writer, reader, indices: enumIndices(writer, reader) };
      case 'fixed':
        if (reader.type !== 'fixed' || shortName(writer.name) !== shortName(reader.name) || writer.size !== reader.size)
          return mismatch(writer, reader);
        return { kind: 'same', writer, reader };
      default:
        if (writer.type === reader.type) return { kind: 'same', writer, reader };
        if (!promotes(writer, reader)) return mismatch(writer, reader);
        return { kind: 'promote', writer, reader: reader as PrimitiveSchema };
    }
  }

  #toBranch(writer: AvroSchema, reader: UnionSchema, index: number): ResolverAction {
    return { kind: 'reader-union', writer, reader, index, action: this.resolve(writer, reader.branches[index]!) };
  }

  #record(writer: RecordSchema, reader: RecordSchema): RecordAction {
    const byReader = this.#records.get(writer) ?? new Map<RecordSchema, RecordAction>();
    this.#records.set(writer, byReader);
    const known = byReader.get(reader);
    if (known !== undefined) return known;
    const action: RecordAction = { kind: 'record', writer, reader, actions: [], sources: [], missing: undefined };
    byReader.set(reader, action); // before its fields, which may hold it again
    for (const field of writer.fields) {
      const index = fieldIndex(reader, field.name);
      action.actions.push(index < 0 ? undefined : this.resolve(field.schema, reader.fields[index]!.schema));
    }
    for (const field of reader.fields) {
      const source = fieldIndex(writer, field.name);
      action.sources.push(source);
      if (source < 0 && field.default === undefined) action.missing ??= field.name;
    }
    return action;
  }

  /** Java's Resolver.ReaderUnion.firstMatchingBranch. */
  #firstMatch(writer: AvroSchema, reader: UnionSchema): number {
    let structure = -1;
    for (const [index, branch] of reader.branches.entries()) {
      if (branch.type !== writer.type) continue;
      if (branchName(branch) === branchName(writer)) return index;
      if (writer.type !== 'record' || branch.type !== 'record') continue;
      if (!matches(this.#record(writer, branch))) continue;
      if (structure < 0 || shortName(writer.name) === shortName(branch.name)) structure = index;
    }
    return structure >= 0 ? structure : reader.branches.findIndex((branch) => promotes(writer, branch));
  }
}

function matches(action: RecordAction): boolean {
  if (action.missing !== undefined) return false;
  return action.actions.every((field) => field === undefined || !fails(field));
}

function fails(action: ResolverAction): boolean {
  return action.kind === 'error' || (action.kind === 'record' && action.missing !== undefined);
}

function enumIndices(writer: EnumSchema, reader: EnumSchema): number[] {
  const fallback = reader.default === undefined ? -1 : reader.symbols.indexOf(reader.default);
  const byName = new Map(reader.symbols.map((symbol, index) => [symbol, index]));
  return writer.symbols.map((symbol) => byName.get(symbol) ?? fallback);
}

function mismatch(writer: AvroSchema, reader: AvroSchema): ResolverAction {
  return { kind: 'error', writer, reader, path: '', expected: describe(reader), found: describe(writer) };
}

function describe(schema: AvroSchema): string {
  if (schema.type === 'union') return `a union of ${schema.branches.map(branchName).join(', ') || 'nothing'}`;
  if (schema.type === 'fixed') return `fixed ${schema.name} of ${schema.size} bytes`;
  return 'name' in schema ? `${schema.type} ${schema.name}` : schema.type;
}
