import { FormatError } from '../format-error.ts';
import type { SchemaNode } from './schema-tree.ts';
import { widthOf, type ValueSlices } from './value-slices.ts';

/** The first bytes of all values, then the second ones, and so on (BYTE_STREAM_SPLIT). */
export function splitValues(
  bytes: Uint8Array,
  { type, size }: NonNullable<SchemaNode['leaf']>,
  count: number,
): ValueSlices {
  const width = widthOf(type, size);
  if (bytes.length !== count * width)
    throw new FormatError('corrupt', 'a page holds other bytes than its values take', {
      expected: `${count * width} bytes`,
      found: String(bytes.length),
    });
  const out = new Uint8Array(bytes.length);
  for (let byte = 0; byte < width; byte += 1)
    for (let index = 0; index < count; index += 1) out[index * width + byte] = bytes[byte * count + index]!;
  const starts = Int32Array.from({ length: count }, (_, index) => index * width);
  return { bytes: out, starts, ends: starts.map((start) => start + width) };
}
