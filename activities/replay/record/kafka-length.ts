/** Lengths as Kafka's record batch v2 has them: zigzag varints, here of numbers from 0 to 2^31 - 1. */

/** Bytes that a length takes, 1 to 5. */
export function sizeOfLength(length: number): number {
  const zigzag = length * 2;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : zigzag < 0x10000000 ? 4 : 5;
}

/** Stores a length at a position; returns the position behind it. */
export function writeLength(bytes: Uint8Array, at: number, length: number): number {
  if (length < 0x40) {
    bytes[at] = length << 1;
    return at + 1;
  }
  if (length < 0x2000) {
    bytes[at] = ((length << 1) & 0x7f) | 0x80;
    bytes[at + 1] = length >>> 6;
    return at + 2;
  }
  let rest = length * 2;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 0x80;
  bytes[at++] = rest;
  return at;
}
