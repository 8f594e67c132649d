import type { ByteWriter } from '../../byte-writer.ts';
import type { Cursor } from './cursor.ts';
import { putDigits, putPadded } from './decimal-digits.ts';
import { doubleText, floatText } from './floating-text.ts';
import { putShortDouble, putShortFloat } from './short-decimal.ts';

const MINUS = 0x2d;

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

/** Appends a double as Java prints it (1.0, 1.0E21, 1.0E-5; NaN and infinities as strings), in the fewest digits. */
export function putDouble(value: number, to: ByteWriter): void {
  if (!putShortDouble(value, to)) putAscii(to, doubleText(value));
}

/** Appends a float likewise, in the fewest digits that are this float. */
export function putFloat(value: number, to: ByteWriter): void {
  if (!putShortFloat(value, to)) putAscii(to, floatText(value));
}

function putAscii(to: ByteWriter, text: string): void {
  to.reserve(text.length);
  const bytes = to.bytes;
  const start = to.length;
  for (let i = 0; i < text.length; i++) bytes[start + i] = text.charCodeAt(i);
  to.length = start + text.length;
}
