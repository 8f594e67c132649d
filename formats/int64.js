/** Orders as signed 64-bit integers: negative, zero or positive. */
export function compareInt64(aHi, aLo, bHi, bLo) {
    return aHi !== bHi ? aHi - bHi : aLo - bLo;
}
/** Exact value of the two halves. */
export function int64ToBigInt(hi, lo) {
    return (BigInt(hi) << 32n) | BigInt(lo >>> 0);
}
/** Two halves of `value`, which is taken modulo 2^64. */
export function int64FromBigInt(value) {
    const wrapped = BigInt.asIntN(64, value);
    return { hi: Number(wrapped >> 32n), lo: Number(wrapped & 0xffffffffn) };
}
