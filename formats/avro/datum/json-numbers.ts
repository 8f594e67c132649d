import type { ByteWriter } from '../../byte-writer.ts';
import type { Cursor } from './cursor.ts';

const MINUS = 0x2d;
const ZERO = 0x30;

/** Appends the long that the cursor has read last, in decimal and exact. */
export function putLong(from: Cursor, to: ByteWriter): void {
  to.reserve(20);
  const bytes = to.bytes;
  const negative = (from.low & 1) !== 0;
  if (negative) bytes[to.length++] = MINUS;
  // The magnitude is above * 2^27 + below: 36 and 27 bits, and one more for -2^63.
  const above = from.high * 0x10000000 + from.middle;
  const below = (from.low >>> 1) + (negative ? 1 : 0);
  if (above < 0x2000000) return putDigits(to, above * 0x8000000 + below);
  // In steps of 10^7, so that no product is above 2^53.
  const rest = (above % 1e7) * 0x8000000 + below;
  putDigits(to, Math.floor(above / 1e7) * 0x8000000 + Math.floor(rest / 1e7));
  putPadded(to, rest % 1e7, 7);
}

/** Appends a number of 32 bits. */
export function putInt(value: number, to: ByteWriter): void {
  to.reserve(11);
  if (value < 0) to.bytes[to.length++] = MINUS;
  putDigits(to, Math.abs(value));
}

/** A whole number from 0 to 2^53, for which there is room. */
function putDigits(to: ByteWriter, value: number): void {
  if (value < 1e9) return putPadded(to, value | 0, digits(value | 0));
  const above = Math.floor(value / 1e9);
  putPadded(to, above, digits(above));
  putPadded(to, (value - above * 1e9) | 0, 9);
}

/** The last `count` digits, at most 9 of them. */
function putPadded(to: ByteWriter, value: number, count: number): void {
  const bytes = to.bytes;
  const start = to.length;
  let rest = value | 0;
  for (let at = start + count - 1; at >= start; at--) {
    const tenth = (rest / 10) | 0;
    bytes[at] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  to.length = start + count;
}

function digits(value: number): number {
  if (value < 1e5) return value < 1e2 ? (value < 10 ? 1 : 2) : value < 1e3 ? 3 : value < 1e4 ? 4 : 5;
  return value < 1e7 ? (value < 1e6 ? 6 : 7) : value < 1e8 ? 8 : 9;
}

/** Appends a double as Java prints it (1.0, 1.0E21, 1.0E-5; NaN and infinities as strings), in the fewest digits. */
export function putDouble(value: number, to: ByteWriter): void {
  putAscii(to, Number.isFinite(value) ? javaNotation(shortestDouble(value), value) : `"${value}"`);
}

/** Appends a float likewise, in the fewest digits that are this float. */
export function putFloat(value: number, to: ByteWriter): void {
  putAscii(to, Number.isFinite(value) ? javaNotation(shortestFloat(value), value) : `"${value}"`);
}

const SMALLEST_NORMAL_FLOAT = 2 ** -126;
/** Below, one digit can be enough where Java takes the nearest number of two: 4.9E-324. */
const FEW_DIGITS = 1e-321;

function shortestDouble(value: number): string {
  const text = String(value);
  return Math.abs(value) < FEW_DIGITS && text.indexOf('e') <= 2 ? value.toPrecision(2) : text;
}

function shortestFloat(value: number): string {
  // Up to 6 digits survive the way into a float and back, so that fewer need not be tried, but for the smallest.
  for (let precision = Math.abs(value) < SMALLEST_NORMAL_FLOAT ? 2 : 6; precision < 9; precision++) {
    const shorter = Number(value.toPrecision(precision));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}

/** The shortest digits of JavaScript, put as Java's Double.toString puts them. */
function javaNotation(text: string, value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${text}.0` : text;
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [, sign, digits, exponent] = /^(-?)([0-9.]+)(?:e([-+][0-9]+))?$/.exec(text)!;
  const point = digits!.indexOf('.');
  const all = digits!.replace('.', '');
  const leading = all.search(/[1-9]/);
  const power = (point < 0 ? digits!.length : point) - 1 - leading + Number(exponent ?? 0);
  const significant = all.slice(leading).replace(/0+$/, '');
  return `${sign}${significant[0]}.${significant.slice(1) || '0'}E${power}`;
}

function putAscii(to: ByteWriter, text: string): void {
  to.reserve(text.length);
  const bytes = to.bytes;
  const start = to.length;
  for (let i = 0; i < text.length; i++) bytes[start + i] = text.charCodeAt(i);
  to.length = start + text.length;
}
