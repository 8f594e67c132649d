import { FormatError } from '../format-error.ts';
import { readDeltaNumbers } from './delta-numbers.ts';
import type { SchemaNode } from './schema-tree.ts';
import type { ValueSlices } from './value-slices.ts';

type Leaf = NonNullable<SchemaNode['leaf']>;

/** Values may share their beginnings over and over: as of a page that is not encoded so. */
const PLAIN_LIMIT = 128 * 1024 * 1024;

/** Whole numbers as differences (DELTA_BINARY_PACKED). */
export function deltaNumbers(bytes: Uint8Array, { type }: Leaf, count: number): ValueSlices {
  const width = type === 'int64' ? 8 : 4;
  if (bytes.length === 0 && count === 0) return none();
  const numbers = readDeltaNumbers(bytes, width, count);
  if (numbers.end !== bytes.length) throw left(numbers.end, bytes.length);
  const starts = Int32Array.from({ length: count }, (_, index) => index * width);
  return { bytes: numbers.bytes, starts, ends: starts.map((start) => start + width) };
}

/** The lengths of all values as differences, then all of their bytes (DELTA_LENGTH_BYTE_ARRAY). */
export function deltaLengths(bytes: Uint8Array, count: number): ValueSlices {
  if (bytes.length === 0 && count === 0) return none();
  const { numbers: lengths, end } = lengthsAt(bytes, count);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let at = end;
  for (let index = 0; index < count; index += 1) {
    starts[index] = at;
    at += lengths[index]!;
    if (at > bytes.length) throw wrong(`${at} bytes of values`, String(bytes.length));
    ends[index] = at;
  }
  if (at !== bytes.length) throw left(at, bytes.length);
  return { bytes, starts, ends };
}

/** How many bytes each value has of the one before it, then the rest of each (DELTA_BYTE_ARRAY). */
export function deltaStrings(bytes: Uint8Array, { type, size }: Leaf, count: number): ValueSlices {
  if (bytes.length === 0 && count === 0) return none();
  const { numbers: shared, end } = lengthsAt(bytes, count);
  const rest = deltaLengths(bytes.subarray(end), count);
  let length = 0;
  for (let index = 0; index < count; index += 1) length += shared[index]! + rest.ends[index]! - rest.starts[index]!;
  if (length > PLAIN_LIMIT)
    throw new FormatError('limit', 'the values of a page are larger than the reader takes', {
      expected: `at most ${PLAIN_LIMIT} bytes`,
      found: String(length),
    });
  const out = new Uint8Array(length);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const before = index === 0 ? 0 : at - starts[index - 1]!;
    const common = shared[index]!;
    if (common > before) throw wrong(`at most the ${before} bytes of the value before`, String(common));
    starts[index] = at;
    out.copyWithin(at, at - before, at - before + common);
    out.set(rest.bytes.subarray(rest.starts[index], rest.ends[index]), at + common);
    at += common + rest.ends[index]! - rest.starts[index]!;
    ends[index] = at;
    if (type === 'fixed' && at - starts[index]! !== size) throw wrong(`${size} bytes`, String(at - starts[index]!));
  }
  return { bytes: out, starts, ends };
}

function lengthsAt(bytes: Uint8Array, count: number): { numbers: Int32Array; end: number } {
  const { bytes: numbers, end } = readDeltaNumbers(bytes, 4, count);
  const view = new DataView(numbers.buffer);
  const lengths = Int32Array.from({ length: count }, (_, index) => view.getInt32(index * 4, true));
  const negative = lengths.find((length) => length < 0);
  if (negative !== undefined) throw wrong('lengths from 0', String(negative));
  return { numbers: lengths, end };
}

/** A page of nulls alone may have no byte. */
function none(): ValueSlices {
  return { bytes: new Uint8Array(0), starts: new Int32Array(0), ends: new Int32Array(0) };
}

function wrong(expected: string, found: string): FormatError {
  return new FormatError('corrupt', 'the values of a page are damaged', { expected, found });
}

function left(end: number, length: number): FormatError {
  return new FormatError('corrupt', 'a page holds more bytes than its values take', {
    expected: `${end} bytes`,
    found: String(length),
  });
}
