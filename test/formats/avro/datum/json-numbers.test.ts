/**
 * Proves that numbers are printed exactly: longs to the last digit, floats and doubles so that they can be read back,
 * in the notation of Java's Float.toString and Double.toString.
 */
import { describe, expect, it } from 'vitest';
import { appendLong } from '../../../../formats/avro/datum/append-long.ts';
import { Cursor } from '../../../../formats/avro/datum/cursor.ts';
import { putDouble, putFloat, putInt, putLong } from '../../../../formats/avro/datum/json-numbers.ts';
import { ByteWriter } from '../../../../formats/byte-writer.ts';
import { RandomSource } from '../support/random-source.ts';

function printed(put: (to: ByteWriter) => void): string {
  const to = new ByteWriter(1);
  put(to);
  return to.view().toString();
}

function printedLong(value: bigint): string {
  const encoded = new ByteWriter(16);
  appendLong(encoded, value);
  const from = new Cursor();
  from.start(encoded.view(), 0, encoded.length);
  from.varint('a number');
  expect(from.position).toBe(encoded.length);
  return printed((to) => putLong(from, to));
}

describe('longs', () => {
  it('are exact around every power of two and of ten', () => {
    const limit = 1n << 63n;
    for (let power = 0n; power <= 63n; power++)
      for (const base of [1n << power, 10n ** (power % 19n)])
        for (const near of [-2n, -1n, 0n, 1n, 2n])
          for (const sign of [1n, -1n]) {
            const value = sign * base + near;
            if (value >= -limit && value < limit) expect(printedLong(value)).toBe(String(value));
          }
  });

  it('are exact at random', () => {
    const seed = Date.now() % 1_000_000;
    const random = new RandomSource(seed);
    for (let i = 0; i < 2000; i++) {
      const bits = BigInt(Math.floor(random.next() * 2 ** 32)) << 32n;
      const value = BigInt.asIntN(1 + random.below(64), bits | BigInt(Math.floor(random.next() * 2 ** 32)));
      expect(printedLong(value), `seed ${seed}`).toBe(String(value));
    }
  });

  it('of 32 bits are exact too', () => {
    for (const value of [0, -1, 9, 10, 99, 100, 99999, 100000, 999999999, 1000000000, 2147483647, -2147483648])
      expect(printed((to) => putInt(value, to))).toBe(String(value));
  });
});

describe('doubles and floats', () => {
  it.each([
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [-2.5, '-2.5'],
    [0.001, '0.001'],
    [0.00099, '9.9E-4'],
    [9999999.999, '9999999.999'],
    [1e7, '1.0E7'],
    [-12345678.9, '-1.23456789E7'],
    [1e21, '1.0E21'],
    [1.5e300, '1.5E300'],
    [1e-7, '1.0E-7'],
    [1.7976931348623157e308, '1.7976931348623157E308'],
    [5e-324, '4.9E-324'],
    [-5e-324, '-4.9E-324'],
    [NaN, '"NaN"'],
    [Infinity, '"Infinity"'],
    [-Infinity, '"-Infinity"'],
  ])('print %d as Java does: %s', (value, text) => {
    expect(printed((to) => putDouble(value, to))).toBe(text);
  });

  it.each([
    [0.1, '0.1'],
    [16777216, '1.6777216E7'],
    [1234567, '1234567.0'],
    [3.4028234663852886e38, '3.4028235E38'],
    [1.401298464324817e-45, '1.4E-45'],
    [2.802596928649634e-45, '2.8E-45'],
    [1e10, '1.0E10'],
    [0.0033, '0.0033'],
    [NaN, '"NaN"'],
  ])('print the float %d in the fewest digits: %s', (value, text) => {
    expect(printed((to) => putFloat(Math.fround(value), to))).toBe(text);
  });

  it('are read back as what they were', () => {
    const seed = Date.now() % 1_000_000;
    const random = new RandomSource(seed);
    const view = new DataView(new ArrayBuffer(8));
    for (let i = 0; i < 2000; i++) {
      view.setUint32(0, Math.floor(random.next() * 2 ** 32));
      view.setUint32(4, Math.floor(random.next() * 2 ** 32));
      const double = view.getFloat64(0);
      const float = view.getFloat32(0);
      if (Number.isFinite(double)) expect(Number(printed((to) => putDouble(double, to))), `seed ${seed}`).toBe(double);
      if (Number.isFinite(float)) expect(Math.fround(Number(printed((to) => putFloat(float, to))))).toBe(float);
    }
  });
});
