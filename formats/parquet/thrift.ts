import { FormatError } from '../format-error.ts';

/** A struct of Thrift's compact protocol: its fields by number. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;
export type ThriftValue = number | boolean | Uint8Array | ThriftStruct | readonly ThriftValue[];

const TYPE = { true: 1, false: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, set: 10, struct: 12 };
/** Structs in each other: Parquet's own have a handful. */
const DEEPEST = 32;

/** The bytes end inside of the struct: of a page's header more may have to be read. */
export class ThriftEnd extends Error {
  override readonly name = 'ThriftEnd';
}

/** Reads one struct; what follows it is left alone. */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.position = position;
  }

  /** @throws ThriftEnd, or FormatError 'corrupt' for what the protocol doesn't have */
  struct(depth = 0): ThriftStruct {
    if (depth > DEEPEST) throw wrong(`at most ${DEEPEST} structs in each other`, 'more');
    const fields = new Map<number, ThriftValue>();
    for (let id = 0; ;) {
      const head = this.#byte();
      if (head === 0) return fields;
      const step = head >> 4;
      id = step === 0 ? this.#zigzag() : id + step;
      fields.set(id, this.#value(head & 15, depth));
    }
  }

  #value(type: number, depth: number): ThriftValue {
    if (type === TYPE.true || type === TYPE.false) return type === TYPE.true;
    if (type === TYPE.byte) return (this.#byte() << 24) >> 24;
    if (type === TYPE.i16 || type === TYPE.i32 || type === TYPE.i64) return this.#zigzag();
    if (type === TYPE.double) return Buffer.from(this.#take(8)).readDoubleLE();
    if (type === TYPE.binary) return this.#take(this.#count());
    if (type === TYPE.struct) return this.struct(depth + 1);
    if (type === TYPE.list || type === TYPE.set) return this.#list(depth);
    throw wrong('a type of the compact protocol', String(type));
  }

  #list(depth: number): ThriftValue[] {
    const head = this.#byte();
    const count = head >> 4 === 15 ? this.#count() : head >> 4;
    // Each item takes a byte at least.
    if (count > this.#bytes.length - this.position) throw new ThriftEnd();
    const type = head & 15;
    const items: ThriftValue[] = [];
    for (let item = 0; item < count; item += 1)
      items.push(type === TYPE.true || type === TYPE.false ? this.#byte() === 1 : this.#value(type, depth));
    return items;
  }

  #count(): number {
    const count = this.#varint();
    if (count > 0x7fff_ffff) throw wrong('a length of at most 2^31 - 1', String(count));
    return count;
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Beyond 2^53 not exact: nothing in a file is so large, and whoever takes a count refuses it. */
  #varint(): number {
    let value = 0;
    for (let byte = 0, scale = 1; byte < 10; byte += 1, scale *= 128) {
      const next = this.#byte();
      value += (next & 0x7f) * scale;
      if (next < 0x80) return value;
    }
    throw wrong('a number of at most 10 bytes', 'a longer one');
  }

  #byte(): number {
    const byte = this.#bytes[this.position];
    if (byte === undefined) throw new ThriftEnd();
    this.position += 1;
    return byte;
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.position) throw new ThriftEnd();
    this.position += length;
    return this.#bytes.subarray(this.position - length, this.position);
  }
}

function wrong(expected: string, found: string): FormatError {
  return new FormatError('corrupt', 'metadata of the Parquet file is damaged', { expected, found });
}
