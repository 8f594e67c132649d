/** Compresses one unit (a block, a buffer, a value); what it was given may be used again once the result is there. */
export type Compress = (data: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** How blocks are compressed, each for itself. */
export interface BlockCompressor {
  compress: Compress;
  /** What stands behind the compressed bytes of such data: a checksum of them. @default nothing */
  trailer?: (data: Uint8Array) => Uint8Array;
}

export interface CompressionOptions {
  /** Of deflate (0 to 9) and zstandard (1 to 19). @default 6 and 3 */
  level?: number | undefined;
  /**
   * Whether deflate and snappy work in Node's pool of threads; for a writer that has a thread to itself that is slower.
   * Zstandard works where it is called. @default false
   */
  background?: boolean | undefined;
}

/** @throws RangeError for a level that the codec doesn't have */
export function checkedLevel(codec: string, level: number, least: number, most: number): number {
  if (Number.isInteger(level) && level >= least && level <= most) return level;
  throw new RangeError(`${codec} has the levels ${least} to ${most}, not ${level}`);
}

/** Compresses the bytes of one file, piece by piece, into its output. */
export interface StreamCompressor {
  /** Whether the writer should wait for `drained`. */
  readonly isFull: boolean;
  /** @throws what an earlier piece failed with */
  write(piece: Uint8Array): void;
  drained(): Promise<void>;
  /** Writes what the format has at its end. */
  end(): Promise<void>;
}
