// Record times of every unit become milliseconds, rounded down, over the whole range of 64 bits.
import { describe, expect, it } from 'vitest';
import { millisOf, type TimeUnit } from '../../../../activities/replay/record/record-time.ts';
import { int64FromBigInt, int64ToBigInt } from '../../../../formats/int64.ts';

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);

function millis(unit: TimeUnit, raw: bigint): bigint {
  const time = int64FromBigInt(raw);
  millisOf(unit)(time, time);
  return int64ToBigInt(time.hi, time.lo);
}

describe('milliseconds', () => {
  it.each<[TimeUnit, bigint, bigint]>([
    ['millis', 0n, 0n],
    ['millis', -1n, -1n],
    ['millis', MAX, MAX],
    ['seconds', 1_414_915_200n, 1_414_915_200_000n],
    ['seconds', -2n, -2_000n],
    ['seconds', MAX, MAX],
    ['seconds', MIN, MIN],
    ['micros', 1_999n, 1n],
    ['micros', 0n, 0n],
    ['micros', -1n, -1n],
    ['micros', -1_000n, -1n],
    ['micros', -1_001n, -2n],
    ['nanos', 1_999_999n, 1n],
    ['nanos', -1n, -1n],
    ['nanos', MAX, 9_223_372_036_854n],
    ['nanos', MIN, -9_223_372_036_855n],
  ])('of %s %s are %s', (unit, raw, expected) => {
    expect(millis(unit, raw)).toBe(expected);
  });
});
