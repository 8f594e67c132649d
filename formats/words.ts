/**
 * Short runs of bytes are copied four at a time: a loop over single bytes takes three times as long, and a native copy
 * begins with an object for its view, which costs as much as 200 bytes.
 */

/** The longest run of which that is so. */
export const MOST_IN_WORDS = 192;

/** The same bytes, to be read and stored four at a time. */
export function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Copies the bytes from `start` to `end` to `at`, for which there is room. */
export function copyWords(source: DataView, start: number, end: number, target: DataView, at: number): void {
  let from = start;
  let to = at;
  // Four words a turn: what the loop itself costs is as much as a word.
  for (const last = end - 16; from <= last; from += 16, to += 16) {
    target.setInt32(to, source.getInt32(from, true), true);
    target.setInt32(to + 4, source.getInt32(from + 4, true), true);
    target.setInt32(to + 8, source.getInt32(from + 8, true), true);
    target.setInt32(to + 12, source.getInt32(from + 12, true), true);
  }
  for (const last = end - 4; from <= last; from += 4, to += 4) target.setInt32(to, source.getInt32(from, true), true);
  for (; from < end; from += 1, to += 1) target.setUint8(to, source.getUint8(from));
}
