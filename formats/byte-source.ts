/**
 * A file as a reader sees it: random access, and a length that is known before the first read.
 * A short read is never returned: `read` gives exactly `length` bytes or throws.
 */
export interface ByteSource {
  /** Bytes in the file, fixed when it was opened. */
  readonly length: number;
  /** Its first bytes, where they are at hand: who reads on from there needn't ask for them. */
  readonly head?: Uint8Array | undefined;
  /**
   * Reads exactly `length` bytes from byte `position`; the caller may keep the array. With `into`, which has room for them,
   * they may be put there: then the array is a view of it.
   */
  read(position: number, length: number, signal?: AbortSignal, into?: Uint8Array): Promise<Uint8Array>;
}

/** A file that is in memory already. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    length: bytes.length,
    read: async (position, length) => {
      if (position < 0 || length < 0 || position + length > bytes.length)
        throw new RangeError(`read of ${length} bytes at ${position} is outside of ${bytes.length} bytes`);
      return bytes.subarray(position, position + length);
    },
  };
}
