import type { ByteWriter } from '../../byte-writer.ts';

/** Appends a long in Avro's variable-length zig-zag encoding. For set-up work: hot loops copy the bytes that they read. */
export function appendLong(out: ByteWriter, value: bigint): void {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  out.reserve(10);
  while (rest > 0x7fn) {
    out.bytes[out.length++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  out.bytes[out.length++] = Number(rest);
}

/** Appends a count or a length of 0 to 2^52 as a long. */
export function appendCount(out: ByteWriter, count: number): void {
  out.reserve(10);
  let rest = count * 2;
  while (rest > 0x7f) {
    out.bytes[out.length++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  out.bytes[out.length++] = rest;
}
