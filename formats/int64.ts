/**
 * A signed 64-bit integer in two halves, written to instead of returned: a BigInt for each record would cost more
 * than decoding it. `hi` is the signed upper half, `lo` the unsigned lower one.
 */
export interface Int64 {
  hi: number;
  lo: number;
}

/** Orders as signed 64-bit integers: negative, zero or positive. */
export function compareInt64(aHi: number, aLo: number, bHi: number, bLo: number): number {
  return aHi !== bHi ? aHi - bHi : aLo - bLo;
}

/** Exact value of the two halves. */
export function int64ToBigInt(hi: number, lo: number): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo >>> 0);
}

/** Two halves of `value`, which is taken modulo 2^64. */
export function int64FromBigInt(value: bigint): Int64 {
  const wrapped = BigInt.asIntN(64, value);
  return { hi: Number(wrapped >> 32n), lo: Number(wrapped & 0xffffffffn) };
}
