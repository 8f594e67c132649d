import { FormatError } from '../format-error.ts';

export interface DecompressOptions {
  /** Bytes that may come out; one more is a FormatError 'limit', thrown before that much is allocated. */
  limit: number;
}

/**
 * Turns one compressed unit (a block, a buffer, a value) back into its bytes.
 * @throws FormatError 'corrupt' (or 'truncated') for damaged data, 'limit' when more than `limit` bytes would come out
 */
export type Decompress = (data: Uint8Array, options: DecompressOptions) => Uint8Array;

/** As `Decompress`, for a library that works asynchronously. */
export type DecompressLater = (data: Uint8Array, options: DecompressOptions) => Promise<Uint8Array>;

export function overLimit(codec: string, limit: number, found = `more than ${limit} bytes`): FormatError {
  return new FormatError(
    'limit',
    `${codec} data is larger than the reader's limit for decompressed data; raise the limit if the file is trusted`,
    { expected: `at most ${limit} bytes`, found },
  );
}

export function damaged(codec: string, expected: string, found: string, cause?: unknown): FormatError {
  return new FormatError('corrupt', `${codec} data is damaged`, { expected, found, cause });
}

export function cutShort(codec: string, expected: string, found: string, cause?: unknown): FormatError {
  return new FormatError('truncated', `${codec} data ends too early`, { expected, found, cause });
}

/** What an error of a library says, for `found`. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
