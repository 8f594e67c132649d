import type { Int64 } from '../../../formats/int64.ts';
import { int64FromBigInt, int64ToBigInt } from '../../../formats/int64.ts';

export type TimeUnit = 'seconds' | 'millis' | 'micros' | 'nanos';

const MILLIS = { seconds: 1000n, millis: 1n, micros: -1000n, nanos: -1_000_000n } as const;

/**
 * Converts raw record times to milliseconds since 1970, rounding down; saturates where seconds go beyond 64 bits.
 * `into` gets the result; the same object may be read and written.
 */
export function millisOf(unit: TimeUnit): (raw: Int64, into: Int64) => void {
  if (unit === 'millis')
    return (raw, into) => {
      into.hi = raw.hi;
      into.lo = raw.lo;
    };
  const factor = MILLIS[unit];
  return (raw, into) => {
    const value = int64ToBigInt(raw.hi, raw.lo);
    const millis = factor > 0n ? saturate(value * factor) : floorDivide(value, -factor);
    const { hi, lo } = int64FromBigInt(millis);
    into.hi = hi;
    into.lo = lo;
  };
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

function saturate(value: bigint): bigint {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped === value ? value : value < 0n ? -(2n ** 63n) : 2n ** 63n - 1n;
}
