/** Writes the primitive types of Kafka's protocol; large pieces are referred to, not copied. */
export class ProtocolWriter {
  readonly #pieces: Uint8Array[] = [];
  #bytes = Buffer.allocUnsafe(512);
  #from = 0;
  #at = 0;

  int8(value: number): this {
    return this.#reserve(1, () => this.#bytes.writeInt8(value, this.#at));
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  int16(value: number): this {
    return this.#reserve(2, () => this.#bytes.writeInt16BE(value, this.#at));
  }

  int32(value: number): this {
    return this.#reserve(4, () => this.#bytes.writeInt32BE(value, this.#at));
  }

  int64(value: bigint): this {
    return this.#reserve(8, () => this.#bytes.writeBigInt64BE(value, this.#at));
  }

  /** STRING or NULLABLE_STRING. */
  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const length = Buffer.byteLength(value);
    this.int16(length);
    return this.#reserve(length, () => this.#bytes.write(value, this.#at));
  }

  /** COMPACT_STRING or COMPACT_NULLABLE_STRING. */
  compactString(value: string | null): this {
    if (value === null) return this.unsigned(0);
    const length = Buffer.byteLength(value);
    this.unsigned(length + 1);
    return this.#reserve(length, () => this.#bytes.write(value, this.#at));
  }

  array<T>(values: readonly T[], element: (value: T) => void): this {
    this.int32(values.length);
    values.forEach(element);
    return this;
  }

  compactArray<T>(values: readonly T[], element: (value: T) => void): this {
    this.unsigned(values.length + 1);
    values.forEach(element);
    return this;
  }

  uuid(value: Uint8Array): this {
    return this.#reserve(16, () => this.#bytes.set(value, this.#at));
  }

  /** UNSIGNED_VARINT; 0 is also an empty section of tagged fields. */
  unsigned(value: number): this {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.int8(((rest & 0x7f) | 0x80) - 256);
      rest >>>= 7;
    }
    return this.int8(rest);
  }

  /** The end of a structure in a flexible version: no tagged fields. */
  noTags(): this {
    return this.unsigned(0);
  }

  /** Puts bytes here without copying them. */
  piece(bytes: Uint8Array): this {
    this.#cut();
    this.#pieces.push(bytes);
    return this;
  }

  /** All that was written, in pieces. */
  finish(): readonly Uint8Array[] {
    this.#cut();
    return this.#pieces;
  }

  #cut(): void {
    if (this.#at > this.#from) this.#pieces.push(this.#bytes.subarray(this.#from, this.#at));
    this.#from = this.#at;
  }

  #reserve(length: number, write: () => void): this {
    if (this.#at + length > this.#bytes.length) {
      this.#cut();
      this.#bytes = Buffer.allocUnsafe(Math.max(512, length));
      this.#from = this.#at = 0;
    }
    write();
    this.#at += length;
    return this;
  }
}
