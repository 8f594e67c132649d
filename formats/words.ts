/**
 * Short runs of bytes are copied four at a time: a loop over single bytes takes three times as long, and a native copy
 * begins with an object for its view, which costs as much as 200 bytes.
 */

/** The same bytes, to be read and stored four at a time. */
export function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Copies the bytes from `start` to `end` to `at`, for which there is room. */
export function copyWords(source: DataView, start: number, end: number, target: DataView, at: number): void {
  const lastWord = end - 4;
  let from = start;
  let to = at;
  for (; from <= lastWord; from += 4, to += 4) target.setInt32(to, source.getInt32(from, true), true);
  for (; from < end; from += 1, to += 1) target.setUint8(to, source.getUint8(from));
}
