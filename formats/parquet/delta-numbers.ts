import { FormatError } from '../format-error.ts';

/** parquet-mr writes blocks of 128 in four parts; Arrow of as many. */
const BLOCK_LIMIT = 1 << 16;

/** Whole numbers of a page, little endian, and the byte behind the last of them. */
export interface DeltaNumbers {
  /** `width` bytes for each. */
  bytes: Uint8Array<ArrayBuffer>;
  end: number;
}

/**
 * Parquet's DELTA_BINARY_PACKED: blocks of differences, each less the smallest of its block, packed in as few bits as a
 * part of the block takes. Numbers wrap around at 64 bits (at 32: what is cut off is the same).
 *
 * @param width bytes of a number: 4 or 8
 * @throws FormatError 'corrupt' for other than `count` numbers
 */
export function readDeltaNumbers(bytes: Uint8Array, width: 4 | 8, count: number): DeltaNumbers {
  const input = new Input(bytes);
  const block = input.count('values of a block');
  const parts = input.count('parts of a block');
  const total = input.count('values');
  const inPart = block / parts;
  if (parts === 0 || block > BLOCK_LIMIT || !Number.isInteger(inPart) || inPart % 8 !== 0)
    throw wrong('blocks of parts of a multiple of 8 values', `${block} values in ${parts} parts`);
  // Before anything is allocated by it.
  if (total !== count) throw wrong(`${count} values`, String(total));
  const out = new Uint8Array(count * width);
  const view = new DataView(out.buffer);
  let { lo, hi } = input.zigZag();
  const put = (index: number): void => {
    view.setInt32(index * width, lo, true);
    if (width === 8) view.setInt32(index * width + 4, hi, true);
  };
  if (count > 0) put(0);
  for (let done = 1; done < count;) {
    const least = input.zigZag();
    const widths = input.take(parts);
    for (let part = 0; part < parts && done < count; part += 1) {
      const bits = widths[part]!;
      if (bits > 64) throw wrong('numbers of at most 64 bits', String(bits));
      const packed = input.take((inPart / 8) * bits);
      for (let index = 0; index < inPart && done < count; index += 1, done += 1) {
        const first = index * bits;
        const sum = lo + least.lo + unpack(packed, first, Math.min(bits, 32));
        hi = (hi + least.hi + (bits > 32 ? unpack(packed, first + 32, bits - 32) : 0) + Math.floor(sum / 2 ** 32)) | 0;
        lo = sum % 2 ** 32;
        put(done);
      }
    }
  }
  return { bytes: out, end: input.at };
}

/** A number of up to 32 bits, the first in the lowest bit of its byte. */
function unpack(bytes: Uint8Array, first: number, bits: number): number {
  let value = 0;
  for (let bit = 0; bit < bits;) {
    const offset = (first + bit) % 8;
    const taken = Math.min(8 - offset, bits - bit);
    value += ((bytes[(first + bit) >> 3]! >> offset) & ((1 << taken) - 1)) * 2 ** bit;
    bit += taken;
  }
  return value;
}

class Input {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.at)
      throw wrong(`${length} bytes of packed numbers`, String(this.#bytes.length - this.at));
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  count(what: string): number {
    const { lo, hi } = this.#varint();
    if (hi === 0) return lo;
    throw wrong(`a number of ${what} of 32 bits`, 'a larger one');
  }

  /** Of 64 bits, `lo` without a sign and `hi` with one. */
  zigZag(): { lo: number; hi: number } {
    const { lo, hi } = this.#varint();
    const sign = -(lo & 1);
    return { lo: (((lo >>> 1) | (hi << 31)) ^ sign) >>> 0, hi: (hi >>> 1) ^ sign };
  }

  /** Both halves without a sign. */
  #varint(): { lo: number; hi: number } {
    let [lo, hi] = [0, 0];
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw wrong('a number', 'the end of the page');
      const seven = byte & 0x7f;
      if (shift < 32) lo = (lo | (seven << shift)) >>> 0;
      if (shift > 25) hi = (hi | (shift < 32 ? seven >>> (32 - shift) : seven << (shift - 32))) >>> 0;
      if (byte < 0x80) return { lo, hi };
    }
    throw wrong('a number of at most 10 bytes', 'a longer one');
  }
}

function wrong(expected: string, found: string): FormatError {
  return new FormatError('corrupt', 'the differences of numbers in a page are damaged', { expected, found });
}
