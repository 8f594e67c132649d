import { FormatError } from '../../format-error.ts';
import { KEY_BYTES } from './sorted-file-layout.ts';
import type { SortKey } from './sort-key.ts';

/** Takes the fields of headers and footers, little-endian; a field beyond the end is an error that names it. */
export class FieldReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Position in the file of the first byte. */
  readonly start: number;
  at = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.start = start;
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  u16(name: string): number {
    return this.view.getUint16(this.skip(2, name), true);
  }

  u32(name: string): number {
    return this.view.getUint32(this.skip(4, name), true);
  }

  i32(name: string): number {
    return this.view.getInt32(this.skip(4, name), true);
  }

  u53(name: string): number {
    const at = this.skip(8, name);
    return readU53(this.view, at) ?? this.fail(name, 'at most 2^53-1', 'a larger number');
  }

  key(name: string): SortKey {
    return readKey(this.view, this.skip(KEY_BYTES, name));
  }

  take(count: number, name: string): Uint8Array {
    const at = this.skip(count, name);
    return this.bytes.subarray(at, at + count);
  }

  /** Passes over `count` bytes and returns where they begin. */
  skip(count: number, name: string): number {
    if (count > this.remaining) this.fail(name, `${count} bytes`, `${this.remaining} bytes before the end`);
    const at = this.at;
    this.at += count;
    return at;
  }

  fail(name: string, expected: string, found: string): never {
    throw new FormatError('corrupt', `the ${name} of a sorted file does not fit: write the file again`, {
      position: this.start,
      noticedAt: this.start + this.at,
      expected,
      found,
    });
  }
}

/** An unsigned 64-bit number, or undefined where a double does not hold it exactly. */
export function readU53(view: DataView, at: number): number | undefined {
  const high = view.getUint32(at + 4, true);
  return high > 0x1fffff ? undefined : high * 4294967296 + view.getUint32(at, true);
}

export function readKey(view: DataView, at: number): SortKey {
  return {
    timeLo: view.getUint32(at, true),
    timeHi: view.getInt32(at + 4, true),
    split: view.getUint32(at + 8, true),
    sequence: view.getUint32(at + 12, true),
  };
}
