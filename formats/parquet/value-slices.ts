import { FormatError } from '../format-error.ts';
import { readHybrid } from './hybrid.ts';
import type { Physical, SchemaNode } from './schema-tree.ts';

/** Values of a column as bytes that lie somewhere: numbers little endian, a boolean in a byte. */
export interface ValueSlices {
  bytes: Uint8Array;
  starts: Int32Array;
  ends: Int32Array;
}

const WIDTHS: Partial<Record<Physical, number>> = { int32: 4, int64: 8, int96: 12, float: 4, double: 8 };

/** Bytes of each value of a type that has a length: `size` of a fixed one. */
export function widthOf(type: Physical, size: number): number {
  return WIDTHS[type] ?? size;
}

/** Values in the encoding PLAIN; exactly `count` of them, and nothing behind. */
export function plainValues(
  bytes: Uint8Array,
  { type, size }: NonNullable<SchemaNode['leaf']>,
  count: number,
): ValueSlices {
  if (type === 'boolean') return booleans(bytes, count);
  // Before anything is allocated by a count that may be damaged: a length of 4 bytes, or the value itself.
  const least = type === 'byte-array' ? 4 : Math.max(1, widthOf(type, size));
  if (count * least > bytes.length) throw wrong(count, Math.floor(bytes.length / least));
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let at = 0;
  if (type === 'byte-array') {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let index = 0; index < count; index += 1) {
      if (bytes.length - at < 4) throw wrong(count, index);
      const length = view.getUint32(at, true);
      if (length > bytes.length - at - 4) throw wrong(count, index);
      starts[index] = at + 4;
      at += 4 + length;
      ends[index] = at;
    }
  } else {
    const width = widthOf(type, size);
    for (let index = 0; index < count; index += 1) {
      starts[index] = at;
      at += width;
      ends[index] = at;
    }
  }
  if (at !== bytes.length)
    throw new FormatError('corrupt', 'a page holds more bytes than its values take', {
      expected: `${at} bytes`,
      found: String(bytes.length),
    });
  return { bytes, starts, ends };
}

/** Values by their place in a dictionary: a byte for the width of an index, then the hybrid encoding. */
export function dictionaryValues(bytes: Uint8Array, dictionary: ValueSlices | undefined, count: number): ValueSlices {
  if (dictionary === undefined) throw new FormatError('corrupt', 'a page refers to a dictionary, and there is none');
  // A page of nulls alone may have no byte.
  const indexes = count === 0 ? new Int32Array(0) : readHybrid(bytes.subarray(1), bytes[0] ?? 0, count);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  for (let at = 0; at < count; at += 1) {
    const index = indexes[at]!;
    const start = dictionary.starts[index];
    if (start === undefined)
      throw new FormatError('corrupt', 'a value is not in the dictionary of its column', {
        expected: `an index below ${dictionary.starts.length}`,
        found: String(index),
      });
    starts[at] = start;
    ends[at] = dictionary.ends[index]!;
  }
  return { bytes: dictionary.bytes, starts, ends };
}

/** Eight in a byte, the first in its lowest bit. */
function booleans(bytes: Uint8Array, count: number): ValueSlices {
  if (bytes.length !== Math.ceil(count / 8)) throw wrong(count, bytes.length * 8);
  return flags(Uint8Array.from({ length: count }, (_, index) => (bytes[index >> 3]! >> (index & 7)) & 1));
}

/** Booleans in the hybrid encoding, after the number of its bytes. */
export function hybridBooleans(bytes: Uint8Array, count: number): ValueSlices {
  if (count === 0) return flags(new Uint8Array(0));
  const length = bytes.length < 4 ? -1 : Buffer.from(bytes.buffer, bytes.byteOffset, 4).readUInt32LE();
  if (length !== bytes.length - 4) throw wrong(count, 0);
  return flags(Uint8Array.from(readHybrid(bytes.subarray(4), 1, count)));
}

function flags(bytes: Uint8Array): ValueSlices {
  const starts = Int32Array.from(bytes, (_, index) => index);
  return { bytes, starts, ends: starts.map((start) => start + 1) };
}

function wrong(count: number, found: number): FormatError {
  return new FormatError('corrupt', 'a page ends before its values do', {
    expected: `${count} values`,
    found: `${found}`,
  });
}
