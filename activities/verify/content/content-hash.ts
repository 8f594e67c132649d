import { hash } from 'node:crypto';
import { ByteWriter } from '../../../formats/byte-writer.ts';

const BITS = 128;

/**
 * The content of a record as 128 bits of SHA-256. A record is written field by field, each with its length, so that no
 * two records have the same bytes.
 */
export class ContentHash {
  readonly #out = new ByteWriter(64 * 1024);

  begin(): this {
    this.#out.length = 0;
    return this;
  }

  int64(value: bigint): this {
    const out = this.#out;
    out.reserve(8);
    out.bytes.writeBigInt64LE(BigInt.asIntN(64, value), out.length);
    out.length += 8;
    return this;
  }

  /** [start, end) of `data`; null where `start` is negative. */
  field(data: Uint8Array, start: number, end: number): this {
    const out = this.#out;
    const length = start < 0 ? -1 : end - start;
    out.reserve(4 + Math.max(0, length));
    out.bytes.writeInt32LE(length, out.length);
    out.length += 4;
    if (length > 0) out.append(data, start, end);
    return this;
  }

  digest(): bigint {
    const digest = hash('sha256', this.#out.bytes.subarray(0, this.#out.length), 'buffer');
    return (digest.readBigUInt64BE(0) << 64n) | digest.readBigUInt64BE(8);
  }
}

/** What a tally adds up to: 128 bits. */
export function wrap(value: bigint): bigint {
  return BigInt.asUintN(BITS, value);
}

export function hashText(value: bigint): string {
  return value.toString(16).padStart(BITS / 4, '0');
}

export function hashFromText(text: string): bigint {
  return BigInt(`0x${text}`);
}
