import { ByteWriter } from '../../byte-writer.ts';
import type { SortKey } from './sort-key.ts';

/** Appends the fields of headers and footers, little-endian. */
export class FieldWriter {
  readonly #writer = new ByteWriter(1024);

  u16(value: number): this {
    return this.#store(2, (bytes, at) => bytes.writeUInt16LE(value, at));
  }

  u32(value: number): this {
    return this.#store(4, (bytes, at) => bytes.writeUInt32LE(value, at));
  }

  i32(value: number): this {
    return this.#store(4, (bytes, at) => bytes.writeInt32LE(value, at));
  }

  u53(value: number): this {
    return this.#store(8, (bytes, at) => bytes.writeBigUInt64LE(BigInt(value), at));
  }

  key({ timeHi, timeLo, split, sequence }: SortKey): this {
    return this.u32(timeLo).i32(timeHi).u32(split).u32(sequence);
  }

  bytes(value: Uint8Array): this {
    this.#writer.append(value);
    return this;
  }

  /** What was written so far; a view, valid until the next field. */
  view(): Buffer {
    return this.#writer.view();
  }

  #store(count: number, store: (bytes: Buffer, at: number) => void): this {
    this.#writer.reserve(count);
    store(this.#writer.bytes, this.#writer.length);
    this.#writer.length += count;
    return this;
  }
}
