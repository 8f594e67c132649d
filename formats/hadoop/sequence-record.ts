import { FormatError } from '../format-error.ts';

/** A key and a value as they were serialized, decompressed. */
export interface SequenceRecord {
  /** First byte of the record, or of its block where blocks are compressed. */
  position: number;
  /** Ordinal (from 0) in the block; 0 where there are no blocks. */
  ordinal: number;
  key: Uint8Array;
  value: Uint8Array;
}

/** What is read of a file at once, in bytes: a record, or one of the four parts of a compressed block. */
export interface SequenceLimits {
  /** As it is in the file. */
  recordLimit: number;
  /** When decompressed. */
  decompressedLimit: number;
}

/** An error about the bytes [position, noticedAt). */
export function sequenceFault(
  fault: 'truncated' | 'corrupt' | 'limit',
  message: string,
  position: number,
  noticedAt: number,
  expected: string,
  found: string,
): FormatError {
  return new FormatError(fault, message, { position, noticedAt, expected, found });
}
