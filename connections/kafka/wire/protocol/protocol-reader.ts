/** Reads the primitive types of Kafka's protocol; throws RangeError where the answer ends too early. */
export class ProtocolReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#advance(1));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#advance(8));
  }

  string(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.take(length).toString();
  }

  compactString(): string | null {
    const length = this.unsigned() - 1;
    return length < 0 ? null : this.take(length).toString();
  }

  /** BYTES or RECORDS; null reads as empty. The view shares the answer's memory. */
  bytes(): Buffer {
    const length = this.int32();
    return this.take(Math.max(0, length));
  }

  compactBytes(): Buffer {
    return this.take(Math.max(0, this.unsigned() - 1));
  }

  array<T>(element: () => T): T[] {
    return this.#times(this.int32(), element);
  }

  compactArray<T>(element: () => T): T[] {
    return this.#times(this.unsigned() - 1, element);
  }

  /** A UUID in hexadecimal digits. */
  uuid(): string {
    return this.take(16).toString('hex');
  }

  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#advance(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
      if (shift >= 28) throw new RangeError('a varint of more than 5 bytes in the answer of a broker');
    }
  }

  /** Skips the tagged fields at the end of a structure. */
  tags(): void {
    for (let count = this.unsigned(); count > 0; count--) {
      this.unsigned();
      this.#advance(this.unsigned());
    }
  }

  take(length: number): Buffer {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  #times<T>(count: number, element: () => T): T[] {
    const values: T[] = [];
    for (let index = 0; index < count; index++) values.push(element());
    return values;
  }

  #advance(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length)
      throw new RangeError(
        `the answer of a broker ends at byte ${this.#bytes.length}, expected ${at + length} or more`,
      );
    this.#at = at + length;
    return at;
  }
}
