/** Bytes as Hadoop's Writables put them, big-endian, collected in pieces. */
export class WritableBytes {
  private readonly pieces: Buffer[] = [];

  byte(value: number): this {
    this.pieces.push(Buffer.from([value & 0xff]));
    return this;
  }

  int(value: number): this {
    const piece = Buffer.alloc(4);
    piece.writeInt32BE(value);
    this.pieces.push(piece);
    return this;
  }

  long(value: bigint | number): this {
    const piece = Buffer.alloc(8);
    piece.writeBigInt64BE(BigInt(value));
    this.pieces.push(piece);
    return this;
  }

  /** WritableUtils.writeVInt of a length. */
  length(value: number): this {
    if (value <= 127) return this.byte(value);
    const digits: number[] = [];
    for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest & 0xff);
    this.pieces.push(Buffer.from([256 - 112 - digits.length, ...digits]));
    return this;
  }

  /** Text: a length as above, and UTF-8. */
  text(value: string): this {
    const bytes = Buffer.from(value);
    return this.length(bytes.length).raw(bytes);
  }

  /** DataOutput.writeUTF and UTF8.writeString: 16 bits of length, and UTF-8 (no U+0000 and nothing above U+FFFF here). */
  utf(value: string): this {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return this.raw(length).raw(bytes);
  }

  raw(bytes: Uint8Array): this {
    this.pieces.push(Buffer.from(bytes));
    return this;
  }

  take(): Buffer {
    return Buffer.concat(this.pieces);
  }
}
