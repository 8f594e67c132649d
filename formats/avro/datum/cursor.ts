import type { FormatFault } from '../../format-error.ts';
import { FormatError } from '../../format-error.ts';
import { wordsOf } from '../../words.ts';
import { MAX_DEPTH, MAX_OUTPUT_BYTES, MAX_ZERO_WIDTH_ITEMS } from './limits.ts';

/**
 * The place in a datum: bounds-checked reads of Avro's primitive encodings, and the budgets that keep hostile bytes
 * from costing more than they weigh. One for each compiled function, used again for every datum.
 */
export class Cursor {
  data: Uint8Array = new Uint8Array(0);
  /** The same, for who reads four bytes at once. */
  words: DataView = wordsOf(this.data);
  position = 0;
  end = 0;
  /** What `varint` has read, before zig-zag: bits 0 to 27, 28 to 55 and 56 to 63. */
  low = 0;
  middle = 0;
  high = 0;
  /** Positions of fields that are emitted later than they come: a stack, since records hold records. */
  readonly marks: number[] = [];
  marked = 0;
  /** Where the output of the datum must end at the latest. */
  outputLimit = Infinity;
  /** Where the block that `blockCount` has read last ends, if it said so itself; -1 if not. */
  blockEnd = -1;
  #start = 0;
  #depth = 0;
  #zeroWidth = 0;

  /** Begins a datum that lies in `data` between `position` and, at most, `end`; output begins at `outputStart`. */
  start(data: Uint8Array, position: number, end: number, outputStart = 0): void {
    if (data !== this.data) {
      this.data = data;
      this.words = wordsOf(data);
    }
    this.position = position;
    this.end = Math.min(end, data.length);
    this.marked = 0;
    this.outputLimit = outputStart + MAX_OUTPUT_BYTES;
    this.#start = position;
    this.#depth = 0;
    this.#zeroWidth = 0;
  }

  enter(where: string): void {
    if (++this.#depth > MAX_DEPTH)
      throw this.fault('limit', where, 'is nested too deeply', `at most ${MAX_DEPTH} records in each other`, 'more');
  }

  leave(): void {
    this.#depth--;
  }

  /** Moves over `count` bytes and gives the position of the first. */
  take(count: number, where: string): number {
    const at = this.position;
    if (count > this.end - at) throw this.tooShort(where, `${count} bytes`);
    this.position = at + count;
    return at;
  }

  byte(where: string): number {
    if (this.position >= this.end) throw this.tooShort(where, 'a byte');
    return this.data[this.position++]!;
  }

  /** A boolean: 0 or 1. */
  boolean(where: string): number {
    const value = this.byte(where);
    if (value > 1) throw this.fault('corrupt', where, 'is no boolean', '0 or 1', String(value));
    return value;
  }

  /** Reads a variable-length number into `low`, `middle` and `high`. */
  varint(where: string): void {
    const data = this.data;
    let at = this.position;
    const last = this.end - at >= 10 ? at + 10 : this.end;
    let shift = 0;
    let part = 0;
    let low = 0;
    let middle = 0;
    let byte = 0x80;
    let group = 0;
    while (at < last) {
      byte = data[at++]!;
      part |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
      shift += 7;
      if (shift === 28) {
        if (group === 0) low = part;
        else middle = part;
        group++;
        part = 0;
        shift = 0;
      }
    }
    if (byte >= 0x80 || (group === 2 && part > 0xff)) throw this.#badVarint(where, last, byte);
    this.position = at;
    this.low = group === 0 ? part : low;
    this.middle = group === 0 ? 0 : group === 1 ? part : middle;
    this.high = group === 2 ? part : 0;
  }

  /** An int or a long of 32 bits. */
  int(where: string): number {
    const at = this.position;
    if (at < this.end) {
      const byte = this.data[at]!;
      if (byte < 0x80) {
        this.position = at + 1;
        return (byte >>> 1) ^ -(byte & 1);
      }
    }
    this.varint(where);
    if (this.middle > 0xf || this.high !== 0) {
      this.position = at;
      throw this.fault('corrupt', where, 'is no int', 'a number of 32 bits', 'a longer one');
    }
    const bits = this.low | (this.middle << 28);
    return (bits >>> 1) ^ -(bits & 1);
  }

  /** The long that `varint` has read: exact up to 2^53, and rounded once beyond. */
  long(): number {
    const above = (this.high * 0x10000000 + this.middle) * 0x8000000;
    const below = this.low >>> 1;
    return (this.low & 1) === 0 ? above + below : -(above + (below + 1));
  }

  /** The length of a string or bytes, which the rest of the datum can hold. */
  length(where: string): number {
    const at = this.position;
    const byte = at < this.end ? this.data[at]! : 0x80;
    let length: number;
    if (byte < 0x80 && (byte & 1) === 0) {
      this.position = at + 1;
      length = byte >>> 1;
    } else {
      this.varint(where);
      length = this.long();
      if (length < 0) throw this.#at(at, 'corrupt', where, 'has a negative length', '0 or more bytes', String(length));
    }
    if (length > this.end - this.position) {
      const found = `${length}, with ${this.end - this.position} left`;
      throw this.#at(at, 'truncated', where, 'is longer than what is left', 'a length that fits', found);
    }
    return length;
  }

  /** The index of a union's branch or an enum's symbol. */
  index(size: number, where: string, what: string): number {
    const at = this.position;
    const byte = at < this.end ? this.data[at]! : 0x80;
    let index: number;
    if (byte < 0x80) {
      this.position = at + 1;
      index = (byte >>> 1) ^ -(byte & 1);
    } else {
      this.varint(where);
      index = this.long();
    }
    if (index < 0 || index >= size)
      throw this.#at(at, 'corrupt', where, `has a ${what} that there is not`, `0 to ${size - 1}`, String(index));
    return index;
  }

  /**
   * Items in a block of an array or map; 0 ends it. `width` is the least that an item can take; items that can take
   * nothing are counted against a budget. Sets `blockEnd`.
   */
  blockCount(width: number, where: string): number {
    const at = this.position;
    this.blockEnd = -1;
    this.varint(where);
    let count = this.long();
    if (count < 0) {
      count = -count;
      this.blockEnd = this.length(where) + this.position;
    }
    if (width > 0 && count > (this.end - this.position) / width)
      throw this.#at(at, 'corrupt', where, 'has more items than bytes', 'a count that fits', String(count));
    if (width === 0 && (this.#zeroWidth += count) > MAX_ZERO_WIDTH_ITEMS) {
      const expected = `at most ${MAX_ZERO_WIDTH_ITEMS} in a datum`;
      throw this.#at(at, 'limit', where, 'has too many items of no width', expected, String(count));
    }
    return count;
  }

  /** After the items of a block that said where it ends. */
  checkBlockEnd(blockEnd: number, where: string): void {
    if (blockEnd >= 0 && this.position !== blockEnd)
      throw this.fault('corrupt', where, 'has a block of another size', `end ${blockEnd}`, String(this.position));
  }

  checkOutput(length: number, where: string): void {
    if (length > this.outputLimit)
      throw this.fault('limit', where, 'becomes too large', `at most ${MAX_OUTPUT_BYTES} bytes in a record`, 'more');
  }

  fault(fault: FormatFault, where: string, message: string, expected: string, found: string): FormatError {
    return this.#at(this.position, fault, where, message, expected, found);
  }

  tooShort(where: string, expected: string): FormatError {
    const found = `${Math.max(0, this.end - this.position)} bytes to the end of the data`;
    return this.fault('truncated', where, 'is cut off', expected, found);
  }

  #badVarint(where: string, last: number, byte: number): FormatError {
    const whole = last - this.position === 10;
    if (!whole && byte >= 0x80) return this.tooShort(where, 'the rest of a number');
    return this.fault('corrupt', where, 'has a number that is too long', 'at most 64 bits', 'more');
  }

  #at(at: number, fault: FormatFault, where: string, message: string, expected: string, found: string): FormatError {
    return new FormatError(fault, `${where} ${message}`, { position: this.#start, noticedAt: at, expected, found });
  }
}
