/** A `long` of the Avro binary encoding, and where it ended. */
export interface DecodedLong {
  /** Exact up to 2^53; above that the nearest double, which every check of a count or size refuses. */
  value: number;
  /** Index behind the last byte, or why there is no value. */
  next: number | 'truncated' | 'too long';
}

const MAX_BYTES = 10;

/** The same number exactly, for messages: a double would show other digits of one beyond 2^53. */
export function exactLong(bytes: Uint8Array, at: number): bigint {
  let raw = 0n;
  for (let i = 0; i < MAX_BYTES; i++) {
    const byte = bytes[at + i] ?? 0;
    raw |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) break;
  }
  return BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n));
}

/** Reads a zigzag varint of at most 10 bytes at `at`, looking no further than `end`. */
export function decodeLong(bytes: Uint8Array, at: number, end: number): DecodedLong {
  let raw = 0;
  let scale = 1;
  for (let i = 0; i < MAX_BYTES; i++) {
    if (at + i >= end) return { value: 0, next: 'truncated' };
    const byte = bytes[at + i]!;
    raw += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value: raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2, next: at + i + 1 };
    scale *= 128;
  }
  return { value: 0, next: 'too long' };
}
