import type { ByteWriter } from '../../byte-writer.ts';
import { putDigits, putPadded } from './decimal-digits.ts';

/**
 * Most doubles that people store are decimals of a few digits: amounts, scores, rounded measurements. They are printed
 * from a whole number, without making a string.
 *
 * Two decimals of at most 15 digits are never the same double (DBL_DIG; 6 for floats), so one that is this double is the
 * one of the fewest digits, which is what `doubleText` finds. Whether it is this double tells one division, which is rounded
 * as reading the decimal would be, since numerator and denominator are exact.
 */

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const EXPONENT = 0x45;
/** A sign, 15 digits, a point, an exponent. */
const LONGEST = 24;

/** Appends a double of at most 8 decimals, or whole and below 10^15, as Java prints it; false for any other. */
export function putShortDouble(value: number, to: ByteWriter): boolean {
  const size = Math.abs(value);
  if (size >= 1e7) return size < 1e15 && Number.isInteger(size) && putLargeInteger(value, size, to);
  const scaled = Math.round(size * 1e8);
  // Below a thousandth Java prints an exponent, but for zero. NaN is not equal to anything.
  if (scaled / 1e8 !== size || (size < 1e-3 && size !== 0)) return false;
  putDecimal(value, Math.floor(size), scaled - Math.floor(size) * 1e8, to);
  return true;
}

/** Appends a float of at most 6 digits likewise. */
export function putShortFloat(value: number, to: ByteWriter): boolean {
  const size = Math.abs(value);
  if (!(size < 1e6) || (size < 1e-3 && size !== 0)) return false;
  const scale = size < 100 ? (size < 10 ? 1e5 : 1e4) : size < 1e4 ? (size < 1e3 ? 1e3 : 1e2) : size < 1e5 ? 10 : 1;
  const scaled = Math.round(size * scale);
  if (Math.fround(scaled / scale) !== size) return false;
  const whole = Math.floor(scaled / scale);
  putDecimal(value, whole, (scaled - whole * scale) * (1e8 / scale), to);
  return true;
}

/** @param fraction in units of 10^-8, below 10^8 */
function putDecimal(value: number, whole: number, fraction: number, to: ByteWriter): void {
  to.reserve(LONGEST);
  if (value < 0 || Object.is(value, -0)) to.bytes[to.length++] = MINUS;
  putDigits(to, whole);
  to.bytes[to.length++] = POINT;
  let rest = fraction | 0;
  let count = 8;
  if (rest % 10_000 === 0) {
    rest = (rest / 10_000) | 0;
    count = 4;
  }
  if (rest % 100 === 0) {
    rest = (rest / 100) | 0;
    count -= 2;
  }
  if (rest % 10 === 0) {
    rest = (rest / 10) | 0;
    count -= 1;
  }
  putPadded(to, rest, count);
}

/** From 10^7 on: one digit, a point, the digits that follow without zeros at their end, the exponent. */
function putLargeInteger(value: number, size: number, to: ByteWriter): true {
  to.reserve(LONGEST);
  const { bytes } = to;
  if (value < 0) bytes[to.length++] = MINUS;
  const first = to.length++;
  putDigits(to, size);
  const exponent = to.length - first - 2;
  bytes[first] = bytes[first + 1]!;
  bytes[first + 1] = POINT;
  while (bytes[to.length - 1] === ZERO && to.length > first + 3) to.length -= 1;
  bytes[to.length++] = EXPONENT;
  putDigits(to, exponent);
  return true;
}
