import { Datum, fail } from './datum';
import { OUTPUT_BYTES } from './memory';
import { hasRoom, Output, putByte } from './output';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The most that a byte becomes, as in \u001F. */
const LONGEST_ESCAPE = 6;
/** Quotes, and what is written beyond the last byte. */
const AROUND = 32;

/**
 * Copies `length` bytes of UTF-8 as a JSON string, as Java's JsonEncoder spells it: control characters escaped, characters
 * above U+FFFF as two escapes, everything else as it is. Fails for what is not UTF-8.
 */
export function putString(length: i32): void {
  if (!hasRoomForString(length)) return;
  let at = Datum.position;
  const end = at + length;
  let to = Output.at;
  store<u8>(to++, QUOTE);
  while (at < end) {
    const bytes = v128.load(at);
    v128.store(to, bytes);
    // One bit for each of the sixteen that can't stay as it is: below 0x20 as a signed number is 0x80 and above, too.
    const special = i8x16.bitmask(
      v128.or(
        i8x16.lt_s(bytes, i8x16.splat(0x20)),
        v128.or(i8x16.eq(bytes, i8x16.splat(<i8>QUOTE)), i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH))),
      ),
    );
    const plain = special === 0 ? 16 : ctz(special);
    if (plain >= end - at) {
      to += end - at;
      break;
    }
    at += plain;
    to += plain;
    if (special === 0) continue;
    const width = sequenceLength(at, end);
    if (width === 0) return fail();
    Output.at = to;
    if (width === 1) putEscape(load<u8>(at));
    else if (width === 4) putSurrogates(at);
    else for (let i = 0; i < width; i++) putByte(load<u8>(at + i));
    to = Output.at;
    at += width;
  }
  store<u8>(to++, QUOTE);
  Output.at = to;
  Datum.position = end;
}

/** Copies bytes as a JSON string of the characters U+0000 to U+00FF, as Avro spells bytes and fixed. */
export function putLatin1(length: i32): void {
  if (!hasRoomForString(length)) return;
  putByte(QUOTE);
  const end = Datum.position + length;
  for (let at = Datum.position; at < end; at++) {
    const byte = <i32>load<u8>(at);
    if (byte >= 0x80) {
      putByte(0xc0 | (byte >>> 6));
      putByte(0x80 | (byte & 0x3f));
    } else if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) putEscape(byte);
    else putByte(byte);
  }
  putByte(QUOTE);
  Datum.position = end;
}

/** Whether so many bytes have room, whatever they are; fails where they don't. */
function hasRoomForString(length: i32): bool {
  // More than the output has is not multiplied, so that it can't wrap around.
  return hasRoom(min(length, OUTPUT_BYTES) * LONGEST_ESCAPE + AROUND);
}

function putEscape(byte: i32): void {
  putByte(BACKSLASH);
  switch (byte) {
    case QUOTE:
    case BACKSLASH:
      return putByte(byte);
    case 0x08:
      return putByte(0x62); // b
    case 0x09:
      return putByte(0x74); // t
    case 0x0a:
      return putByte(0x6e); // n
    case 0x0c:
      return putByte(0x66); // f
    case 0x0d:
      return putByte(0x72); // r
    default:
      return putUnit(byte);
  }
}

/** `u` and four digits. */
function putUnit(unit: i32): void {
  putByte(0x75);
  putHex(unit >>> 12);
  putHex((unit >>> 8) & 15);
  putHex((unit >>> 4) & 15);
  putHex(unit & 15);
}

function putHex(digit: i32): void {
  putByte(digit < 10 ? 0x30 + digit : 0x37 + digit);
}

function putSurrogates(at: i32): void {
  let point = (<i32>load<u8>(at)) & 7;
  for (let i = 1; i < 4; i++) point = (point << 6) | ((<i32>load<u8>(at + i)) & 63);
  const above = point - 0x10000;
  putByte(BACKSLASH);
  putUnit(0xd800 | (above >>> 10));
  putByte(BACKSLASH);
  putUnit(0xdc00 | (above & 0x3ff));
}

/** Bytes of the UTF-8 sequence at `at`; 0: it is none (Unicode, table 3-7). */
function sequenceLength(at: i32, end: i32): i32 {
  const first = <i32>load<u8>(at);
  if (first < 0x80) return 1;
  const second = at + 1 < end ? <i32>load<u8>(at + 1) : 0;
  if (first < 0xe0) return first >= 0xc2 && (second & 0xc0) === 0x80 ? 2 : 0;
  const third = at + 2 < end ? <i32>load<u8>(at + 2) : 0;
  if ((second & 0xc0) !== 0x80 || (third & 0xc0) !== 0x80) return 0;
  if (first < 0xf0) {
    if (first === 0xe0 && second < 0xa0) return 0; // spelled too long
    return first === 0xed && second > 0x9f ? 0 : 3; // half of a surrogate pair
  }
  const fourth = at + 3 < end ? <i32>load<u8>(at + 3) : 0;
  if (first > 0xf4 || (fourth & 0xc0) !== 0x80) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  return first === 0xf4 && second > 0x8f ? 0 : 4; // above U+10FFFF
}
