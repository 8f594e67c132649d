import { FormatError } from '../format-error.ts';

/** Bits that hold numbers up to `most`. */
export function bitWidth(most: number): number {
  return 32 - Math.clz32(most);
}

/**
 * Decodes `count` numbers of Parquet's hybrid of run lengths and packed bits; exactly so many, or it is an error.
 * The last group of packed bits is padded to eight.
 */
export function readHybrid(bytes: Uint8Array, width: number, count: number): Int32Array {
  const out = new Int32Array(count);
  if (width === 0) return out;
  if (width > 32) throw wrong('numbers of at most 32 bits', String(width));
  let at = 0;
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw wrong(`${count} numbers`, 'fewer');
    return byte;
  };
  for (let done = 0; done < count;) {
    let head = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = next();
      if (shift > 28) throw wrong('a length of at most 5 bytes', 'a longer one');
      head += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    const isPacked = head % 2 === 1;
    const length = Math.floor(head / 2);
    if (length === 0) throw wrong('a run of numbers', 'an empty one');
    if (!isPacked) {
      if (length > count - done) throw wrong(`at most ${count - done} numbers more`, String(length));
      let value = 0;
      for (let byte = 0; byte < Math.ceil(width / 8); byte += 1) value += next() * 2 ** (8 * byte);
      out.fill(value, done, done + length);
      done += length;
      continue;
    }
    const taken = Math.min(length * 8, count - done);
    if (taken < length * 8 - 7) throw wrong(`at most ${count - done} numbers more`, String(length * 8));
    const end = at + length * width;
    if (end > bytes.length) throw wrong(`${length * width} bytes of packed numbers`, String(bytes.length - at));
    unpack(bytes, at, width, out.subarray(done, done + taken));
    at = end;
    done += taken;
  }
  return out;
}

function unpack(bytes: Uint8Array, start: number, width: number, out: Int32Array): void {
  for (let index = 0; index < out.length; index += 1) {
    let value = 0;
    for (let bit = 0; bit < width;) {
      const position = index * width + bit;
      const offset = position % 8;
      const taken = Math.min(8 - offset, width - bit);
      const part = (bytes[start + Math.floor(position / 8)]! >> offset) & ((1 << taken) - 1);
      value += part * 2 ** bit;
      bit += taken;
    }
    out[index] = value;
  }
}

function wrong(expected: string, found: string): FormatError {
  return new FormatError('corrupt', 'levels or indexes of a page are damaged', { expected, found });
}
