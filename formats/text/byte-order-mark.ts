import { FormatError } from '../format-error.ts';

/** Longer marks first: that of UTF-16 is the beginning of one of UTF-32. */
const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['UTF-8', [0xef, 0xbb, 0xbf]],
  ['UTF-32 (little endian)', [0xff, 0xfe, 0, 0]],
  ['UTF-32 (big endian)', [0, 0, 0xfe, 0xff]],
  ['UTF-16 (little endian)', [0xff, 0xfe]],
  ['UTF-16 (big endian)', [0xfe, 0xff]],
];

/** The encoding that a byte order mark at the beginning of a text names; undefined where there is none. */
export function markedEncoding(bytes: Uint8Array): string | undefined {
  return MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];
}

/** The bytes without a byte order mark of UTF-8 before them. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  return markedEncoding(bytes) === 'UTF-8' ? bytes.subarray(3) : bytes;
}

/**
 * The bytes of a small text that people wrote, without the byte order mark that editors put before it.
 * @throws FormatError 'unsupported' for UTF-16 and UTF-32, by their names
 */
export function utf8Bytes(bytes: Uint8Array): Uint8Array {
  const encoding = markedEncoding(bytes);
  if (encoding === undefined || encoding === 'UTF-8') return withoutMark(bytes);
  throw new FormatError('unsupported', 'the text is not in UTF-8', { position: 0, expected: 'UTF-8', found: encoding });
}

/** The same as a string. */
export function utf8Text(bytes: Uint8Array): string {
  const text = utf8Bytes(bytes);
  return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8');
}
