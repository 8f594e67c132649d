import { appendCount } from '../avro/datum/append-long.ts';
import type { AvroSchema } from '../avro/schema/schema.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { FormatError } from '../format-error.ts';
import type { ColumnCursor } from './column-cursor.ts';
import { notOf } from './list-parts.ts';
import type { Physical } from './schema-tree.ts';

/** Appends one datum in Avro's encoding, from the columns that it lies in. */
export type DatumWriter = (out: ByteWriter) => void;

/** Physical types of columns for types of Avro, as parquet-avro writes them. */
const PHYSICAL_OF: Partial<Record<AvroSchema['type'], Physical>> = {
  boolean: 'boolean',
  int: 'int32',
  long: 'int64',
  float: 'float',
  double: 'double',
  bytes: 'byte-array',
  string: 'byte-array',
  enum: 'byte-array',
  fixed: 'fixed',
};

/** The writer for a value that is there. */
export function leafWriter(schema: AvroSchema, cursor: ColumnCursor): DatumWriter {
  const { node } = cursor;
  const expected = PHYSICAL_OF[schema.type];
  const isSized = schema.type !== 'fixed' || schema.size === node.leaf?.size;
  if (expected === undefined || node.leaf?.type !== expected || !isSized)
    throw notOf(node, `a column for the type ${schema.type}`);
  if (schema.type === 'int' || schema.type === 'long') return integers(cursor);
  if (schema.type === 'enum') return symbols(cursor, schema.symbols);
  return schema.type === 'string' || schema.type === 'bytes' ? lengthAndBytes(cursor) : bytesAlone(cursor);
}

/** Avro's floats, doubles, booleans and fixed are the same bytes. */
function bytesAlone(cursor: ColumnCursor): DatumWriter {
  return (out) => {
    const index = cursor.take();
    const { bytes, starts, ends } = cursor.slices;
    out.append(bytes, starts[index], ends[index]);
  };
}

function lengthAndBytes(cursor: ColumnCursor): DatumWriter {
  return (out) => {
    const index = cursor.take();
    const { bytes, starts, ends } = cursor.slices;
    appendCount(out, ends[index]! - starts[index]!);
    out.append(bytes, starts[index], ends[index]);
  };
}

/** Zig-zag of 32 or 64 bits, in two halves: no double holds them all. */
function integers(cursor: ColumnCursor): DatumWriter {
  return (out) => {
    const index = cursor.take();
    const { bytes, starts, ends } = cursor.slices;
    const at = starts[index]!;
    const low = int32(bytes, at);
    const high = ends[index]! - at === 8 ? int32(bytes, at + 4) : low >> 31;
    const sign = high >> 31;
    let lo = ((low << 1) ^ sign) >>> 0;
    let hi = (((high << 1) | (low >>> 31)) ^ sign) >>> 0;
    out.reserve(10);
    while (hi > 0 || lo > 0x7f) {
      out.bytes[out.length++] = (lo & 0x7f) | 0x80;
      lo = ((lo >>> 7) | (hi << 25)) >>> 0;
      hi >>>= 7;
    }
    out.bytes[out.length++] = lo;
  };
}

function int32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function symbols(cursor: ColumnCursor, names: readonly string[]): DatumWriter {
  const places = new Map(names.map((name, index) => [name, index]));
  return (out) => {
    const index = cursor.take();
    const { bytes, starts, ends } = cursor.slices;
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + starts[index]!, ends[index]! - starts[index]!).toString();
    const place = places.get(name);
    if (place === undefined)
      throw new FormatError('corrupt', `a value of ${cursor.node.name} is no symbol of its enum`, {
        position: cursor.position,
        expected: names.join(', '),
        found: JSON.stringify(name),
      });
    appendCount(out, place);
  };
}
