import type { ByteWriter } from '../../byte-writer.ts';
import type { Cursor } from './cursor.ts';

/** Reads one value of the writer's schema and appends what it is for the reader. */
export type Step = (from: Cursor, to: ByteWriter) => void;

/** Short runs are copied byte by byte: making a view costs as much as 100 bytes. */
const SHORT = 96;

/** Appends bytes that are the same in every record. */
export function putConstant(constant: Uint8Array, to: ByteWriter): void {
  const size = constant.length;
  if (size > SHORT) return to.append(constant);
  to.reserve(size);
  const bytes = to.bytes;
  const start = to.length;
  for (let i = 0; i < size; i++) bytes[start + i] = constant[i]!;
  to.length = start + size;
}

/** Appends the bytes of the datum from `start` to the cursor. */
export function putVerbatim(from: Cursor, start: number, to: ByteWriter): void {
  const data = from.data;
  const size = from.position - start;
  if (size > SHORT) return to.append(data, start, from.position);
  to.reserve(size);
  const bytes = to.bytes;
  const out = to.length;
  for (let i = 0; i < size; i++) bytes[out + i] = data[start + i]!;
  to.length = out + size;
}
