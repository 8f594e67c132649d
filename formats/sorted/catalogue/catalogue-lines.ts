import type { ByteSource } from '../../byte-source.ts';
import { FormatError } from '../../format-error.ts';

const RANGE_BYTES = 256 * 1024;

/** A line of a file with thousands of sections and partitions stays far below. */
const LONGEST_LINE = 64 * 1024 * 1024;

const NEWLINE = 0x0a;

export interface CatalogueLine {
  /** The line with its newline. */
  bytes: Uint8Array;
  /** Position in the file of its first byte. */
  position: number;
}

/** The lines of a file, each of which must end with a newline. Throws FormatError. */
export async function* readLines(source: ByteSource, signal?: AbortSignal): AsyncGenerator<CatalogueLine, void> {
  let parts: Uint8Array[] = [];
  let partBytes = 0;
  let position = 0;
  for (let at = 0; at < source.length; at += RANGE_BYTES) {
    const range = await source.read(at, Math.min(RANGE_BYTES, source.length - at), signal);
    let start = 0;
    for (;;) {
      const end = range.indexOf(NEWLINE, start) + 1;
      parts.push(range.subarray(start, end === 0 ? range.length : end));
      partBytes += parts.at(-1)!.length;
      if (partBytes > LONGEST_LINE)
        throw new FormatError('limit', 'a line of the catalogue is too long: this is no catalogue', {
          position,
          expected: `at most ${LONGEST_LINE} bytes`,
          found: 'more',
        });
      if (end === 0) break;
      yield { bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts), position };
      position += partBytes;
      parts = [];
      partBytes = 0;
      start = end;
    }
  }
  if (partBytes > 0)
    throw new FormatError('truncated', 'the catalogue ends within a line, so it was cut off: write it again', {
      position,
      noticedAt: source.length,
      expected: 'a newline at the end',
      found: `${partBytes} bytes without one`,
    });
}
