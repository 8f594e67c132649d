import { FormatError } from '../format-error.ts';
import type { ThriftStruct, ThriftValue } from './thrift.ts';

/** Fields of Parquet's structs, each of the type that the format gives it. */
export class ThriftFields {
  readonly #struct: ThriftStruct;
  readonly #name: string;

  constructor(struct: ThriftStruct, name: string) {
    this.#struct = struct;
    this.#name = name;
  }

  has(id: number): boolean {
    return this.#struct.has(id);
  }

  /** A whole number that is no more than a double holds, from 0. */
  count(id: number): number {
    const value = this.#struct.get(id);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw this.#wrong(id, 'a whole number from 0');
  }

  countOr(id: number, absent: number): number {
    return this.has(id) ? this.count(id) : absent;
  }

  /** 32 bits as they are. */
  int(id: number): number {
    const value = this.#struct.get(id);
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw this.#wrong(id, 'an int');
  }

  flag(id: number, absent: boolean): boolean {
    const value = this.#struct.get(id) ?? absent;
    if (typeof value === 'boolean') return value;
    throw this.#wrong(id, 'a boolean');
  }

  text(id: number): string {
    const value = this.#struct.get(id);
    if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
    throw this.#wrong(id, 'text');
  }

  fields(id: number, name: string): ThriftFields {
    return this.#of(this.#struct.get(id), id, name);
  }

  all(id: number, name: string): ThriftFields[] {
    const value = this.#struct.get(id);
    if (!Array.isArray(value)) throw this.#wrong(id, 'a list');
    return (value as readonly ThriftValue[]).map((item) => this.#of(item, id, name));
  }

  #of(value: ThriftValue | undefined, id: number, name: string): ThriftFields {
    if (value instanceof Map) return new ThriftFields(value as ThriftStruct, name);
    throw this.#wrong(id, 'a struct');
  }

  #wrong(id: number, expected: string): FormatError {
    return new FormatError('corrupt', `field ${id} of ${this.#name} in the Parquet file is damaged`, {
      expected,
      found: this.has(id) ? 'something else' : 'nothing',
    });
  }
}
