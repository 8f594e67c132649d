import type { ByteWriter } from '../../byte-writer.ts';

const ZERO = 0x30;
/** The two digits of each number below 100. */
const PAIRS = Uint8Array.from({ length: 200 }, (_, at) => ZERO + (at % 2 === 0 ? Math.floor(at / 20) : (at >> 1) % 10));

/** Appends a whole number from 0 to 2^53, for which there is room. */
export function putDigits(to: ByteWriter, value: number): void {
  if (value < 1e9) return putPadded(to, value | 0, digits(value | 0));
  const above = Math.floor(value / 1e9);
  putPadded(to, above, digits(above));
  putPadded(to, (value - above * 1e9) | 0, 9);
}

/** Appends a number below 10^count in so many digits, at most 9, for which there is room. */
export function putPadded(to: ByteWriter, value: number, count: number): void {
  const bytes = to.bytes;
  const start = to.length;
  let rest = value | 0;
  let at = start + count;
  while (at >= start + 2) {
    const above = (rest / 100) | 0;
    const pair = (rest - above * 100) << 1;
    at -= 2;
    bytes[at] = PAIRS[pair]!;
    bytes[at + 1] = PAIRS[pair + 1]!;
    rest = above;
  }
  if (at > start) bytes[start] = ZERO + rest;
  to.length = start + count;
}

function digits(value: number): number {
  if (value < 1e5) return value < 1e2 ? (value < 10 ? 1 : 2) : value < 1e3 ? 3 : value < 1e4 ? 4 : 5;
  return value < 1e7 ? (value < 1e6 ? 6 : 7) : value < 1e8 ? 8 : 9;
}
