import type { ByteWriter } from '../../byte-writer.ts';
import type { Cursor } from './cursor.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Four of each. */
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;
const SPACES = 0x20202020;
const ONES = 0x01010101;
const SIGNS = 0x80808080;
const HEX = Buffer.from('0123456789ABCDEF', 'latin1');

/** 0: a character that stands for itself; 1: one to be escaped; 2: a byte of a longer UTF-8 sequence. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return 2;
  return byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 1 : 0;
});

/** The letters of the short escapes that Jackson writes; 0: \u00XX. */
const SHORT_ESCAPES = new Uint8Array(128);
for (const [character, letter] of ['""', '\\\\', '\bb', '\tt', '\nn', '\ff', '\rr'])
  SHORT_ESCAPES[character!.charCodeAt(0)] = letter!.charCodeAt(0);

/**
 * Copies `length` bytes of UTF-8 into a JSON string as Java's JsonEncoder spells it: control characters escaped
 * (\u001F in upper case), characters above U+FFFF as two escapes, everything else as it is.
 * @throws FormatError 'corrupt' for invalid UTF-8: it is never replaced
 */
export function putJsonString(from: Cursor, length: number, to: ByteWriter, where: string): void {
  const { data, words } = from;
  const end = from.position + length;
  const lastWord = end - 4;
  let at = from.position;
  to.reserve(length + 2);
  let bytes = to.bytes;
  let outWords = to.words;
  let out = to.length;
  bytes[out++] = QUOTE;
  while (at < end) {
    if (at <= lastWord) {
      const word = words.getInt32(at, true);
      if (isPlain(word)) {
        outWords.setInt32(out, word, true);
        at += 4;
        out += 4;
        continue;
      }
    }
    const byte = data[at]!;
    const kind = CLASSES[byte]!;
    if (kind === 0) {
      bytes[out++] = byte;
      at++;
      continue;
    }
    if (kind === 1) {
      to.length = out;
      to.reserve(end - at + 8);
      bytes = to.bytes;
      outWords = to.words;
      out = putEscape(bytes, out, byte);
      at++;
      continue;
    }
    const width = sequenceLength(data, at, end);
    if (width === 0) throw invalidUtf8(from, at, where);
    if (width < 4) {
      bytes[out++] = byte;
      bytes[out++] = data[at + 1]!;
      if (width === 3) bytes[out++] = data[at + 2]!;
    } else {
      to.length = out;
      to.reserve(end - at + 12);
      bytes = to.bytes;
      outWords = to.words;
      out = putSurrogates(bytes, out, data, at);
    }
    at += width;
  }
  bytes[out++] = QUOTE;
  to.length = out;
  from.position = end;
}

/**
 * Whether four bytes are all characters that stand for themselves; false as well, at times, where they are. The sign of
 * each byte tells: of itself for one of 0x80 or more, of the difference for one below 0x20, and below 1 where what would
 * be escaped is 0.
 */
function isPlain(word: number): boolean {
  const quote = (word ^ QUOTES) - ONES;
  const backslash = (word ^ BACKSLASHES) - ONES;
  return ((word | (word - SPACES) | quote | backslash) & SIGNS) === 0;
}

/** Copies bytes into a JSON string of the characters U+0000 to U+00FF, as Avro spells bytes and fixed. */
export function putJsonLatin1(from: Cursor, length: number, to: ByteWriter): void {
  const data = from.data;
  const end = from.position + length;
  to.reserve(2 * length + 2);
  let bytes = to.bytes;
  let out = to.length;
  bytes[out++] = QUOTE;
  for (let at = from.position; at < end; at++) {
    const byte = data[at]!;
    const kind = CLASSES[byte]!;
    if (kind === 0) bytes[out++] = byte;
    else if (kind === 2) {
      bytes[out++] = 0xc0 | (byte >>> 6);
      bytes[out++] = 0x80 | (byte & 0x3f);
    } else {
      to.length = out;
      to.reserve(2 * (end - at) + 8);
      bytes = to.bytes;
      out = putEscape(bytes, out, byte);
    }
  }
  bytes[out++] = QUOTE;
  to.length = out;
  from.position = end;
}

function putEscape(bytes: Uint8Array, start: number, byte: number): number {
  let out = start;
  bytes[out++] = BACKSLASH;
  const letter = SHORT_ESCAPES[byte]!;
  if (letter !== 0) {
    bytes[out++] = letter;
    return out;
  }
  return putHex(bytes, out, byte);
}

function putHex(bytes: Uint8Array, start: number, unit: number): number {
  let out = start;
  bytes[out++] = 0x75; // u
  bytes[out++] = HEX[unit >>> 12]!;
  bytes[out++] = HEX[(unit >>> 8) & 15]!;
  bytes[out++] = HEX[(unit >>> 4) & 15]!;
  bytes[out++] = HEX[unit & 15]!;
  return out;
}

function putSurrogates(bytes: Uint8Array, start: number, data: Uint8Array, at: number): number {
  const above =
    (((data[at]! & 7) << 18) | ((data[at + 1]! & 63) << 12) | ((data[at + 2]! & 63) << 6) | (data[at + 3]! & 63)) -
    0x10000;
  let out = start;
  bytes[out++] = BACKSLASH;
  out = putHex(bytes, out, 0xd800 | (above >>> 10));
  bytes[out++] = BACKSLASH;
  return putHex(bytes, out, 0xdc00 | (above & 0x3ff));
}

/** Bytes of the UTF-8 sequence at `at`, whose first byte is 0x80 or more; 0: it is none (Unicode, table 3-7). */
function sequenceLength(data: Uint8Array, at: number, end: number): number {
  const first = data[at]!;
  const second = at + 1 < end ? data[at + 1]! : 0;
  if (first < 0xe0) return first >= 0xc2 && (second & 0xc0) === 0x80 ? 2 : 0;
  const third = at + 2 < end ? data[at + 2]! : 0;
  if ((second & 0xc0) !== 0x80 || (third & 0xc0) !== 0x80) return 0;
  if (first < 0xf0) {
    if (first === 0xe0 && second < 0xa0) return 0; // spelled too long
    if (first === 0xed && second > 0x9f) return 0; // half of a surrogate pair
    return 3;
  }
  const fourth = at + 3 < end ? data[at + 3]! : 0;
  if (first > 0xf4 || (fourth & 0xc0) !== 0x80) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  return first === 0xf4 && second > 0x8f ? 0 : 4; // above U+10FFFF
}

function invalidUtf8(from: Cursor, at: number, where: string): Error {
  from.position = at;
  const found = `the byte 0x${from.data[at]!.toString(16)}`;
  return from.fault('corrupt', where, 'is not UTF-8', 'valid UTF-8 in a string', found);
}
