import { FormatError } from '../format-error.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads Hadoop's Writables out of bytes that are at hand. Its errors ('truncated' where the bytes end, else 'corrupt')
 * name what was being read, and have no position: whoever knows where the bytes stand adds it.
 */
export class WritableInput {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, at = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get remaining(): number {
    return this.end - this.at;
  }

  #advance(count: number, what: string): number {
    if (count > this.end - this.at)
      throw new FormatError('truncated', `the bytes end in ${what}`, {
        expected: `${count} bytes`,
        found: `${this.end - this.at}`,
      });
    const from = this.at;
    this.at += count;
    return from;
  }

  byte(what: string): number {
    return this.bytes[this.#advance(1, what)]!;
  }

  boolean(what: string): boolean {
    return this.byte(what) !== 0;
  }

  take(count: number, what: string): Uint8Array {
    const from = this.#advance(count, what);
    return this.bytes.subarray(from, from + count);
  }

  uint16(what: string): number {
    return this.#view.getUint16(this.#advance(2, what));
  }

  int32(what: string): number {
    return this.#view.getInt32(this.#advance(4, what));
  }

  int64(what: string): bigint {
    return this.#view.getBigInt64(this.#advance(8, what));
  }

  /** `WritableUtils.readVLong`: one byte from -112 to 127, or a length and up to 8 bytes, big-endian. */
  vlong(what: string): bigint {
    const first = (this.byte(what) << 24) >> 24;
    if (first >= -112) return BigInt(first);
    const length = first < -120 ? -120 - first : -112 - first;
    let value = 0n;
    for (const byte of this.take(length, what)) value = (value << 8n) | BigInt(byte);
    return BigInt.asIntN(64, first < -120 ? ~value : value);
  }

  /** `WritableUtils.readVInt`: as `vlong`, and within 32 bits. */
  vint(what: string): number {
    const first = (this.bytes[this.at]! << 24) >> 24;
    if (first >= -112 && this.at < this.end) {
      this.at += 1;
      return first;
    }
    const value = this.vlong(what);
    if (value !== BigInt.asIntN(32, value))
      throw new FormatError('corrupt', `${what} does not fit into 32 bits`, { expected: 'an int', found: `${value}` });
    return Number(value);
  }

  /** A vint that counts something. */
  length(what: string): number {
    const length = this.vint(what);
    if (length < 0)
      throw new FormatError('corrupt', `${what} is negative`, { expected: 'zero or more', found: `${length}` });
    return length;
  }

  /** `Text.readString`: a vint of bytes, then UTF-8. */
  text(what: string): string {
    return this.#utf8(this.take(this.length(`the length of ${what}`), what), what);
  }

  /** `DataInput.readUTF`: two bytes of length, then Java's modified UTF-8 (NUL in two bytes, surrogates one by one). */
  modifiedUtf8(what: string): string {
    return decodeModifiedUtf8(this.take(this.uint16(`the length of ${what}`), what), what);
  }

  #utf8(bytes: Uint8Array, what: string): string {
    try {
      return strictUtf8.decode(bytes);
    } catch (cause) {
      const found = Buffer.from(bytes.subarray(0, 16)).toString('hex');
      throw new FormatError('corrupt', `${what} is no UTF-8`, { expected: 'UTF-8', found, cause });
    }
  }
}

/** Decodes Java's modified UTF-8 as `DataInputStream.readUTF` does, and refuses what that refuses. */
export function decodeModifiedUtf8(bytes: Uint8Array, what: string): string {
  const units: number[] = [];
  let at = 0;
  const continuation = (): number => {
    const byte = bytes[at++];
    if (byte === undefined || (byte & 0xc0) !== 0x80)
      throw new FormatError('corrupt', `${what} is no modified UTF-8`, {
        expected: 'a continuation byte',
        found: byte === undefined ? 'the end' : `0x${byte.toString(16)}`,
      });
    return byte & 0x3f;
  };
  while (at < bytes.length) {
    const byte = bytes[at++]!;
    if (byte < 0x80) units.push(byte);
    else if (byte >> 5 === 0x06) units.push(((byte & 0x1f) << 6) | continuation());
    else if (byte >> 4 === 0x0e) units.push(((byte & 0x0f) << 12) | (continuation() << 6) | continuation());
    else
      throw new FormatError('corrupt', `${what} is no modified UTF-8`, {
        expected: 'the first byte of a character',
        found: `0x${byte.toString(16)}`,
      });
  }
  return String.fromCharCode(...units);
}
