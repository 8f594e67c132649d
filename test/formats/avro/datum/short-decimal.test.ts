/**
 * Proves that doubles and floats that are printed from whole numbers get the very text that the general way makes of them:
 * over millions of values, most of them at the edges where the two part.
 */
import { expect, test } from 'vitest';
import { doubleText, floatText } from '../../../../formats/avro/datum/floating-text.ts';
import { putShortDouble, putShortFloat } from '../../../../formats/avro/datum/short-decimal.ts';
import { ByteWriter } from '../../../../formats/byte-writer.ts';
import { RandomSource } from '../support/random-source.ts';

const EACH = 400_000;
const out = new ByteWriter(64);
const bits = new DataView(new ArrayBuffer(8));

/** Fails where the two ways differ; tells whether the short one was taken. */
function check(value: number, put: typeof putShortDouble, textOf: typeof doubleText, from: string): boolean {
  out.length = 0;
  if (!put(value, out)) {
    if (out.length !== 0) expect.fail(`${from}: ${value} leaves ${out.length} bytes behind`);
    return false;
  }
  const text = out.bytes.toString('latin1', 0, out.length);
  // Asserting each would take minutes.
  if (text !== textOf(value)) expect.fail(`${from}: ${value} is printed ${text}, expected ${textOf(value)}`);
  return true;
}

/** The double that many steps away. */
function neighbour(value: number, steps: bigint): number {
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + steps);
  return bits.getFloat64(0);
}

test('doubles', () => {
  const seed = Date.now() % 1_000_000;
  const random = new RandomSource(seed);
  const from = `seed ${seed}`;
  const double = (value: number): boolean => check(value, putShortDouble, doubleText, from);
  let scaled = 0;
  for (let i = 0; i < EACH; i += 1) {
    const digits = Math.floor(random.next() * 10 ** (1 + random.below(16)));
    const value = (random.below(2) === 0 ? digits : -digits) / 10 ** random.below(12);
    if (double(value)) scaled += 1;
    double(neighbour(value, 1n));
    double(neighbour(value, -1n));
    double(random.next() * 10 ** (random.below(20) - 4));
    double(digits * 10 ** random.below(8));
    bits.setUint32(0, Math.floor(random.next() * 2 ** 32));
    bits.setUint32(4, Math.floor(random.next() * 2 ** 32));
    double(bits.getFloat64(0));
  }
  expect(scaled, 'decimals that were taken the short way').toBeGreaterThan(EACH / 3);
});

test('floats', () => {
  const seed = Date.now() % 1_000_000;
  const random = new RandomSource(seed);
  const from = `seed ${seed}`;
  const float = (value: number): boolean => check(Math.fround(value), putShortFloat, floatText, from);
  let scaled = 0;
  for (let i = 0; i < EACH / 4; i += 1) {
    const digits = Math.floor(random.next() * 10 ** (1 + random.below(8)));
    const value = Math.fround((random.below(2) === 0 ? digits : -digits) / 10 ** random.below(8));
    if (float(value)) scaled += 1;
    bits.setFloat32(0, value);
    bits.setInt32(0, bits.getInt32(0) + 1 - 2 * random.below(2));
    float(bits.getFloat32(0));
    bits.setUint32(0, Math.floor(random.next() * 2 ** 32));
    float(bits.getFloat32(0));
  }
  expect(scaled, 'decimals that were taken the short way').toBeGreaterThan(EACH / 16);
});

test.each([
  [0, '0.0'],
  [-0, '-0.0'],
  [1e7, '1.0E7'],
  [-1234567890, '-1.23456789E9'],
  [999999999999999, '9.99999999999999E14'],
  [9999999.99999999, '9999999.99999999'],
  [0.001, '0.001'],
  [100, '100.0'],
])('takes %d the short way: %s', (value, text) => {
  out.length = 0;
  expect(putShortDouble(value, out)).toBe(true);
  expect(out.view().toString()).toBe(text);
});

test.each([0.1 + 0.2, 1e15, 0.0009, 1 / 3, NaN, Infinity, 5e-324, 12345678.5])(
  'leaves %d to the general way',
  (value) => {
    out.length = 0;
    expect(putShortDouble(value, out)).toBe(false);
    expect(out.length).toBe(0);
  },
);
