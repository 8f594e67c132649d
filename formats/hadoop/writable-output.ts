import { ByteWriter } from '../byte-writer.ts';

/** Puts Hadoop's Writables into a growing run of bytes: what `WritableInput` reads. */
export class WritableOutput {
  readonly out: ByteWriter;

  constructor(out: ByteWriter = new ByteWriter(256)) {
    this.out = out;
  }

  byte(value: number): this {
    const { out } = this;
    out.reserve(1);
    out.bytes[out.length++] = value & 0xff;
    return this;
  }

  int32(value: number): this {
    const { out } = this;
    out.reserve(4);
    out.length = out.bytes.writeInt32BE(value, out.length);
    return this;
  }

  int64(value: bigint): this {
    const { out } = this;
    out.reserve(8);
    out.length = out.bytes.writeBigInt64BE(value, out.length);
    return this;
  }

  /** `WritableUtils.writeVInt` of a length or count: one byte up to 127, or a byte that tells how many follow. */
  length(value: number): this {
    putLength(value, this.out);
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.out.append(bytes);
    return this;
  }

  /** `Text.writeString`: a vint of bytes, then UTF-8. */
  text(value: string): this {
    const bytes = Buffer.from(value);
    return this.length(bytes.length).raw(bytes);
  }

  /**
   * `DataOutput.writeUTF`: two bytes of length, then Java's modified UTF-8.
   * @throws RangeError for more than 65,535 bytes, as Java does
   */
  modifiedUtf8(value: string): this {
    const bytes = encodeModifiedUtf8(value);
    if (bytes.length > 0xffff)
      throw new RangeError(`a string of ${bytes.length} bytes is too long for writeUTF: at most 65535`);
    return this.byte(bytes.length >> 8)
      .byte(bytes.length)
      .raw(bytes);
  }

  /** A copy of all that was put so far. */
  take(): Buffer {
    return Buffer.from(this.out.view());
  }
}

/** Appends a length of 0 to 2^31 - 1 as `WritableUtils.writeVInt` does. */
export function putLength(value: number, out: ByteWriter): void {
  out.reserve(5);
  if (value <= 127) {
    out.bytes[out.length++] = value;
    return;
  }
  const count = value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x1000000 ? 3 : 4;
  out.bytes[out.length++] = 256 - 112 - count;
  for (let shift = (count - 1) * 8; shift >= 0; shift -= 8) out.bytes[out.length++] = (value >>> shift) & 0xff;
}

/** U+0000 in two bytes, each half of a surrogate pair in three. */
export function encodeModifiedUtf8(value: string): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit > 0 && unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
  }
  return Uint8Array.from(bytes);
}
