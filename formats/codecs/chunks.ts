import type { ByteSource } from '../byte-source.ts';
import { ReadAhead } from '../read-ahead.ts';

export interface StreamOptions {
  /** Bytes a read. @default 2 MiB */
  window?: number;
  signal?: AbortSignal | undefined;
}

/** Bytes of a stream, piece by piece; how large the pieces are is no one's concern. */
export type Chunks = AsyncGenerator<Uint8Array, void, undefined>;

/** Of a range only so much is given out at once: what comes behind it is on its way while it is used. */
const PIECE = 256 * 1024;

/** The bytes of a file from `start` on, in ranges; behind `softEnd` in small ones, and none ahead of need. */
export async function* fileChunks(
  source: ByteSource,
  options: StreamOptions & { start?: number; softEnd?: number } = {},
): Chunks {
  const { start = 0, softEnd = source.length, window, signal } = options;
  const reader = new ReadAhead(source, { start, softEnd, signal, ...(window === undefined ? {} : { window }) });
  try {
    while ((await reader.fill(1)) > 0) yield reader.take(Math.min(reader.available, PIECE));
  } finally {
    reader.close();
  }
}
