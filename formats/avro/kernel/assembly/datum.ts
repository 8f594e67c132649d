/**
 * The datum at hand. Whatever is wrong with it, or too much for the kernel, sets `failed`: then nothing that was read or
 * written counts, and the steps in JavaScript, which know what to say about it, have their turn.
 */
export class Datum {
  static position: i32 = 0;
  static end: i32 = 0;
  static failed: bool = false;
  /** Where the block that was begun last ends, if it says so itself; -1 if not. */
  static blockEnd: i32 = -1;
}

export function fail(): void {
  Datum.failed = true;
}

/** A variable-length number of at most 64 bits, zig-zag; most take one byte. */
export function readLong(): i64 {
  const at = Datum.position;
  if (at < Datum.end) {
    const byte = <i32>load<u8>(at);
    if (byte < 0x80) {
      Datum.position = at + 1;
      return (byte >>> 1) ^ -(byte & 1);
    }
  }
  return readLongerNumber();
}

function readLongerNumber(): i64 {
  let at = Datum.position;
  const last = min(Datum.end, at + 10);
  let bits: u64 = 0;
  for (let shift: u64 = 0; at < last; shift += 7) {
    const byte = load<u8>(at++);
    bits |= ((<u64>byte) & 0x7f) << shift;
    if (byte < 0x80) {
      if (shift === 63 && byte > 1) break;
      Datum.position = at;
      return (<i64>(bits >>> 1)) ^ -((<i64>bits) & 1);
    }
  }
  fail();
  return 0;
}

export function readInt(): i32 {
  const value = readLong();
  if (value !== <i64>(<i32>value)) fail();
  return <i32>value;
}

/** The length of a string or bytes, which the rest of the datum holds; 0 where it failed. */
export function readLength(): i32 {
  const length = readLong();
  if (length >= 0 && length <= Datum.end - Datum.position) return <i32>length;
  fail();
  return 0;
}

/** The index of one of `count`; 0 where it failed. */
export function readIndex(count: i32): i32 {
  const index = readLong();
  if (index >= 0 && index < count) return <i32>index;
  fail();
  return 0;
}

/** Moves over bytes, and gives the position of the first. */
export function take(count: i32): i32 {
  const at = Datum.position;
  if (count > Datum.end - at) fail();
  else Datum.position = at + count;
  return at;
}

export function readBoolean(): bool {
  const at = take(1);
  if (Datum.failed) return false;
  const byte = load<u8>(at);
  if (byte > 1) fail();
  return byte === 1;
}

export function readFloat(): f32 {
  const at = take(4);
  return Datum.failed ? 0 : load<f32>(at);
}

export function readDouble(): f64 {
  const at = take(8);
  return Datum.failed ? 0 : load<f64>(at);
}

/**
 * Items in a block of an array or map; 0 ends it, or it failed. `width` is the least that an item can take; where that is
 * nothing there is a budget, which the kernel doesn't keep.
 */
export function readBlock(width: i32): i64 {
  Datum.blockEnd = -1;
  let count = readLong();
  if (count < 0) {
    count = -count;
    const bytes = readLength();
    Datum.blockEnd = Datum.position + bytes;
  }
  if (count === 0 || Datum.failed) return 0;
  if (count > 0 && width > 0 && count <= (Datum.end - Datum.position) / width) return count;
  fail();
  return 0;
}
