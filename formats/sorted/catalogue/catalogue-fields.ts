import { FormatError } from '../../format-error.ts';
import { parseSortKey } from '../file/sort-key.ts';
import type { SortKey } from '../file/sort-key.ts';

/** One JSON object of a catalogue; a field that is missing or of another kind is an error that names it. */
export class CatalogueFields {
  readonly #value: Record<string, unknown>;
  readonly #position: number;

  private constructor(value: unknown, position: number) {
    this.#position = position;
    this.#value = {};
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      this.fail('line', 'an object', typeof value);
    this.#value = value as Record<string, unknown>;
  }

  static parse(bytes: Uint8Array, position: number): CatalogueFields {
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
    } catch (cause) {
      throw new FormatError('corrupt', 'a line of the catalogue is not JSON: write it again', { position, cause });
    }
    return new CatalogueFields(value, position);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#value, name);
  }

  text(name: string): string {
    const value = this.#value[name];
    return typeof value === 'string' ? value : this.fail(name, 'text', typeof value);
  }

  /** A whole number from 0 to 2^53-1. */
  count(name: string): number {
    return this.#count(name, this.#value[name]);
  }

  counts(name: string): number[] {
    return this.#list(name).map((value) => this.#count(name, value));
  }

  key(name: string): SortKey {
    return parseSortKey(this.text(name));
  }

  object(name: string): CatalogueFields {
    return new CatalogueFields(this.#value[name], this.#position);
  }

  objects(name: string): CatalogueFields[] {
    return this.#list(name).map((value) => new CatalogueFields(value, this.#position));
  }

  fail(name: string, expected: string, found: string): never {
    throw new FormatError('corrupt', `the field ${name} of the catalogue does not fit: write the catalogue again`, {
      position: this.#position,
      expected,
      found,
    });
  }

  #list(name: string): unknown[] {
    const value = this.#value[name];
    return Array.isArray(value) ? value : this.fail(name, 'a list', typeof value);
  }

  #count(name: string, value: unknown): number {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    return this.fail(name, 'a whole number from 0', JSON.stringify(value) ?? 'nothing');
  }
}
