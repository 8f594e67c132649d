import { FormatError } from '../../format-error.ts';
import type { AvroSchema, UnionSchema } from '../schema/schema.ts';
import { branchName, fieldIndex } from '../schema/schema.ts';
import type { Cursor } from './cursor.ts';
import { fieldPlace, SkipCompiler } from './skip-compiler.ts';

/** Reads the field that a path leads to into `into`; false: it, or a record on the way to it, is null. */
export type FieldAccess<Into> = (from: Cursor, into: Into) => boolean;

/** How to read a field of that type; undefined: not at all. */
export type Leaf<Into> = (schema: AvroSchema, where: string) => FieldAccess<Into> | undefined;

/**
 * Compiles the way to a field of the writer's schema, through records and the unions around them.
 * @throws FormatError 'schema' listing the fields that would do
 */
export function compilePath<Into>(
  writer: AvroSchema,
  path: readonly string[],
  leaf: Leaf<Into>,
  what: string,
): FieldAccess<Into> {
  const access = new PathCompiler(path, leaf).compile(writer, 0, 'the datum');
  if (access !== undefined) return access;
  const candidates = fieldsWith(writer, leaf);
  throw new FormatError('schema', `the schema of the file has no field ${path.join('.')} that can be ${what}`, {
    expected: `a field of another name: ${candidates.join(', ') || 'but none in this file would do'}`,
    found: describeField(writer, path),
  });
}

class PathCompiler<Into> {
  readonly #path: readonly string[];
  readonly #leaf: Leaf<Into>;
  readonly #skips = new SkipCompiler();

  constructor(path: readonly string[], leaf: Leaf<Into>) {
    this.#path = path;
    this.#leaf = leaf;
  }

  compile(schema: AvroSchema, depth: number, where: string): FieldAccess<Into> | undefined {
    if (schema.type === 'union') return this.#union(schema, depth, where);
    if (depth === this.#path.length) return this.#leaf(schema, where);
    if (schema.type !== 'record') return undefined;
    const place = fieldIndex(schema, this.#path[depth]!);
    if (place < 0) return undefined;
    const field = schema.fields[place]!;
    const access = this.compile(field.schema, depth + 1, fieldPlace(schema, field.name));
    if (access === undefined) return undefined;
    const skips = schema.fields
      .slice(0, place)
      .map((before) => this.#skips.compile(before.schema, fieldPlace(schema, before.name)));
    return (from, into) => {
      for (let i = 0; i < skips.length; i++) skips[i]!(from);
      return access(from, into);
    };
  }

  #union({ branches }: UnionSchema, depth: number, where: string): FieldAccess<Into> | undefined {
    const accesses = branches.map((branch) => this.compile(branch, depth, where));
    if (accesses.every((access) => access === undefined)) return undefined;
    const size = branches.length;
    return (from, into) => {
      const index = from.index(size, where, 'branch');
      const branch = branches[index]!;
      if (branch.type === 'null') return false;
      const access = accesses[index];
      if (access !== undefined) return access(from, into);
      const rest = this.#path.slice(depth).join('.') || 'a value that can be read';
      throw from.fault('schema', where, 'holds a type without the field that is asked for', rest, branchName(branch));
    };
  }
}

const MAX_CANDIDATES = 20;

function fieldsWith<Into>(writer: AvroSchema, leaf: Leaf<Into>): string[] {
  const paths: string[] = [];
  const visit = (schema: AvroSchema, path: readonly string[], open: readonly AvroSchema[]): void => {
    if (paths.length >= MAX_CANDIDATES || open.includes(schema) || open.length > 8) return;
    if (schema.type === 'union') for (const branch of schema.branches) visit(branch, path, open);
    else if (schema.type === 'record')
      for (const field of schema.fields) visit(field.schema, [...path, field.name], [...open, schema]);
    else if (leaf(schema, '') !== undefined && !paths.includes(path.join('.'))) paths.push(path.join('.'));
  };
  visit(writer, [], []);
  return paths;
}

function describeField(writer: AvroSchema, path: readonly string[]): string {
  let schema = writer;
  for (const name of path) {
    const record: AvroSchema | undefined =
      schema.type === 'union' ? schema.branches.find((branch) => branch.type === 'record') : schema;
    const field = record?.type === 'record' ? record.fields.find((other) => other.name === name) : undefined;
    if (field === undefined) return `no field ${name} in ${branchName(record ?? schema)}`;
    schema = field.schema;
  }
  return schema.type === 'union' ? `a union of ${schema.branches.map(branchName).join(', ')}` : branchName(schema);
}
