import type { ByteWriter } from '../../byte-writer.ts';
import type { AvroSchema } from '../schema/schema.ts';
import type { Cursor } from './cursor.ts';

const scratch = new Uint8Array(8);
const view = new DataView(scratch.buffer);

function readFloat(from: Cursor, where: string): number {
  const at = from.take(4, where);
  for (let i = 0; i < 4; i++) scratch[i] = from.data[at + i]!;
  return view.getFloat32(0, true);
}

function readDouble(from: Cursor, where: string): number {
  const at = from.take(8, where);
  for (let i = 0; i < 8; i++) scratch[i] = from.data[at + i]!;
  return view.getFloat64(0, true);
}

/** The last long that was read as the nearest float: rounded once, where by way of a double it would be twice. */
function longAsFloat(from: Cursor): number {
  const nearest = from.long();
  if (Math.abs(nearest) < Number.MAX_SAFE_INTEGER) return Math.fround(nearest);
  const negative = (from.low & 1) !== 0;
  let above = from.high * 0x10000000 + from.middle;
  let below = (from.low >>> 1) + (negative ? 1 : 0);
  if (below === 0x8000000) {
    above++;
    below = 0;
  }
  // Whether anything follows is all that the 27 bits below can tell a float.
  const magnitude = (above * 2 + (below === 0 ? 0 : 1)) * 0x4000000;
  return Math.fround(negative ? -magnitude : magnitude);
}

/** How to read a number of the writer's type as a `float` or `double`. */
export function floatingReader(
  writer: AvroSchema['type'],
  reader: 'float' | 'double',
): (from: Cursor, where: string) => number {
  switch (writer) {
    case 'int':
      return reader === 'float' ? (from, where) => Math.fround(from.int(where)) : (from, where) => from.int(where);
    case 'long':
      return (from, where) => {
        from.varint(where);
        return reader === 'float' ? longAsFloat(from) : from.long();
      };
    case 'float':
      return readFloat;
    default:
      return readDouble;
  }
}

/** Appends a number in Avro's binary encoding. */
export function putFloating(value: number, type: 'float' | 'double', to: ByteWriter): void {
  const size = type === 'float' ? 4 : 8;
  if (type === 'float') view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  to.reserve(size);
  for (let i = 0; i < size; i++) to.bytes[to.length + i] = scratch[i]!;
  to.length += size;
}
