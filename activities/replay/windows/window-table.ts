import type { Window } from './window-planner.ts';

/** First split, bytes of input, and beginning in ms since 1970: 64 bits each, little endian. */
export const WINDOW_ENTRY_BYTES = 24;
const NO_BEGINNING = -(2n ** 63n);

/** The windows of a job as they stand in its manifest, behind the table of splits. */
export function encodeWindows(windows: readonly Window[]): Buffer {
  const bytes = Buffer.alloc(windows.length * WINDOW_ENTRY_BYTES);
  for (const [index, window] of windows.entries()) {
    const at = index * WINDOW_ENTRY_BYTES;
    bytes.writeBigUInt64LE(BigInt(window.firstSplit), at);
    bytes.writeBigUInt64LE(BigInt(window.bytes), at + 8);
    bytes.writeBigInt64LE(window.from === -Infinity ? NO_BEGINNING : BigInt(window.from), at + 16);
  }
  return bytes;
}

/** @param splits of the whole manifest */
export function decodeWindows(bytes: Uint8Array, splits: number): Window[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = Math.floor(bytes.length / WINDOW_ENTRY_BYTES);
  const firstSplit = (number: number): number => Number(view.readBigUInt64LE(number * WINDOW_ENTRY_BYTES));
  const from = (number: number): number => {
    const begins = view.readBigInt64LE(number * WINDOW_ENTRY_BYTES + 16);
    return begins === NO_BEGINNING ? -Infinity : Number(begins);
  };
  return Array.from({ length: count }, (_, number) => ({
    number,
    firstSplit: firstSplit(number),
    endSplit: number + 1 < count ? firstSplit(number + 1) : splits,
    bytes: Number(view.readBigUInt64LE(number * WINDOW_ENTRY_BYTES + 8)),
    from: from(number),
    to: number + 1 < count ? from(number + 1) : Infinity,
  }));
}

/** The window that a time is of, of windows that leave out none. */
export function windowAt(windows: readonly Window[], time: number): Window {
  return lastWith(windows, (window) => window.from <= time);
}

/** The window that a split is of. */
export function windowOfSplit(windows: readonly Window[], split: number): Window {
  return lastWith(windows, (window) => window.firstSplit <= split);
}

/** The last window that is so; those that are come first, and the first one is. */
function lastWith(windows: readonly Window[], isSo: (window: Window) => boolean): Window {
  let [low, high] = [0, windows.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (isSo(windows[middle]!)) low = middle;
    else high = middle;
  }
  const found = windows[low];
  if (found === undefined) throw new RangeError('a job that is sorted by windows has one at least');
  return found;
}
