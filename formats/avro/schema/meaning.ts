import type { ResolverAction, EnumAction, RecordAction } from './resolver-action.ts';
import { place } from './check-resolved.ts';
import type { AvroSchema } from './schema.ts';

/** What a field's values mean to the writer (`found`) and to the reader (`expected`): logical types. */
export interface ChangedMeaning {
  /** Field names with dots, `[]` for items and `{}` for values. */
  path: string;
  found: string;
  expected: string;
}

export interface ComparedMeaning {
  /** The first field whose values keep their digits and would mean something else: micros as millis, cents as euros. */
  changed: ChangedMeaning | undefined;
  /** What resolves as Java does it, and yet loses something: labels, symbols, digits. */
  remarks: string[];
}

const MAX_REMARKS = 10;

/**
 * Compares what values mean on both sides of a resolution. Java resolves by types alone and leaves logical types to
 * whoever reads, so a value of another unit or scale resolves without a word.
 */
export function compareMeaning(root: ResolverAction): ComparedMeaning {
  const comparison = new Comparison();
  comparison.visit(root, '');
  return { changed: comparison.changed, remarks: [...comparison.remarks] };
}

class Comparison {
  changed: ChangedMeaning | undefined;
  readonly remarks = new Set<string>();
  readonly #seen = new Set<RecordAction>();

  visit(action: ResolverAction, path: string): void {
    switch (action.kind) {
      case 'same':
      case 'promote':
        this.#compare(action.writer, action.reader, path);
        return;
      case 'enum':
        this.#enum(action, path);
        return;
      case 'array':
        this.visit(action.items, `${path}[]`);
        return;
      case 'map':
        this.visit(action.values, `${path}{}`);
        return;
      case 'reader-union':
        this.visit(action.action, path);
        return;
      case 'writer-union':
        for (const branch of action.branches) this.visit(branch, path);
        return;
      case 'record':
        this.#record(action, path);
        return;
      case 'error':
    }
  }

  #record(action: RecordAction, path: string): void {
    if (this.#seen.has(action)) return;
    this.#seen.add(action);
    const inside = path === '' ? '' : `${path}.`;
    for (const [index, field] of action.actions.entries())
      if (field !== undefined) this.visit(field, `${inside}${action.writer.fields[index]!.name}`);
  }

  #compare(writer: AvroSchema, reader: AvroSchema, path: string): void {
    const [found, expected] = [meaning(writer), meaning(reader)];
    if (found === undefined || expected === undefined) {
      if (found !== undefined)
        this.#remark(path, `the files say ${found}, and the output schema says nothing of what its numbers mean`);
      if (expected !== undefined)
        this.#remark(path, `the output schema says ${expected}, and the files say nothing of what its numbers mean`);
    } else if (found !== expected && !isWider(writer, reader)) this.changed ??= { path, found, expected };
    const exact = EXACT_BITS[`${writer.type} ${reader.type}`];
    if (exact !== undefined)
      this.#remark(path, `${writer.type} becomes ${reader.type}, which is exact up to 2^${exact} only`);
  }

  #enum({ writer, reader, indices }: EnumAction, path: string): void {
    const fallback = reader.default;
    const lost = writer.symbols.filter((symbol, at) => indices[at]! >= 0 && reader.symbols[indices[at]!] !== symbol);
    if (lost.length === 0 || fallback === undefined) return;
    const named = `${lost.slice(0, 10).join(', ')}${lost.length > 10 ? ` and ${lost.length - 10} more` : ''}`;
    this.#remark(
      path,
      `the symbols ${named} of the files are not in the output schema and become its default ${fallback}`,
    );
  }

  #remark(path: string, what: string): void {
    if (this.remarks.size < MAX_REMARKS) this.remarks.add(`${place(path)}: ${what}`);
  }
}

/** Promotions that lose digits, with the bits of a whole number that the target holds. */
const EXACT_BITS: Readonly<Record<string, number>> = { 'int float': 24, 'long float': 24, 'long double': 53 };

/** The logical type with what it depends on; undefined for none, or one that Java does not take for valid. */
function meaning(schema: AvroSchema): string | undefined {
  if (!('logicalType' in schema)) return undefined;
  const { logicalType, decimal } = schema;
  if (logicalType === 'uuid') return undefined; // the same text, labelled or not
  if (logicalType !== 'decimal') return logicalType;
  return decimal && `decimal(${decimal.precision}, ${decimal.scale})`;
}

/** A decimal of as many digits behind the point, and no fewer before it: each value is what it was. */
function isWider(writer: AvroSchema, reader: AvroSchema): boolean {
  const [from, to] = [
    'decimal' in writer ? writer.decimal : undefined,
    'decimal' in reader ? reader.decimal : undefined,
  ];
  return from !== undefined && to !== undefined && from.scale === to.scale && from.precision <= to.precision;
}
