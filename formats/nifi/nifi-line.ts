import { FormatError } from '../format-error.ts';
import type { Int64 } from '../int64.ts';

const ZERO = 0x30;
const DASH = 0x2d;
/** Decimal digits that stay exact in a double. */
const SAFE_DIGITS = 15;
const LONGEST_OFFSET = 19;
const MOST_OFFSET = 2n ** 63n - 1n;
const MOST_PARTITION = 2 ** 31 - 1;
const SHAPE = 'TOPIC-PARTITION-OFFSET';
/** Bytes of a line that an error shows. */
const SHOWN = 60;

/**
 * Reads lines `TOPIC-PARTITION-OFFSET<@>KEY<@>PAYLOAD` of one topic: the topic is known, so its dashes are no riddle. A
 * key ends at the first delimiter behind it, so it can't hold one; a payload is all the rest, whatever is in it. Bytes
 * are not decoded. What was read stays in the fields: no object is made for a line.
 */
export class NifiLine {
  partition = 0;
  readonly offset: Int64 = { hi: 0, lo: 0 };
  /** The line that was read last; the positions below are positions in it. */
  bytes: Buffer = Buffer.alloc(0);
  keyStart = 0;
  keyEnd = 0;
  payloadStart = 0;
  readonly #topic: string;
  readonly #prefix: Buffer;
  readonly #delimiter: Buffer;

  /** @param delimiter one that `isNifiDelimiter` takes */
  constructor(topic: string, delimiter: string) {
    this.#topic = topic;
    this.#prefix = Buffer.from(`${topic}-`);
    this.#delimiter = Buffer.from(delimiter);
  }

  /** @throws FormatError 'corrupt' with the position in the line of the first byte that is not as expected */
  read(line: Uint8Array): void {
    const bytes = Buffer.from(line.buffer, line.byteOffset, line.length);
    this.bytes = bytes;
    const [prefix, delimiter] = [this.#prefix, this.#delimiter];
    if (!holdsAt(bytes, prefix, 0))
      throw this.#unlike('a line is not of the topic', 0, `${this.#topic}-PARTITION-OFFSET`);
    const partitionEnd = digitsEnd(bytes, prefix.length);
    this.partition = this.#partition(prefix.length, partitionEnd);
    if (bytes[partitionEnd] !== DASH) throw this.#unlike('a line has no offset', partitionEnd, '- and an offset');
    const offsetEnd = digitsEnd(bytes, partitionEnd + 1);
    this.#readOffset(partitionEnd + 1, offsetEnd);
    if (!holdsAt(bytes, delimiter, offsetEnd))
      throw this.#unlike(`a line has no delimiter behind ${SHAPE}`, offsetEnd, String(delimiter));
    this.keyStart = offsetEnd + delimiter.length;
    this.keyEnd = bytes.indexOf(delimiter, this.keyStart);
    if (this.keyEnd < 0)
      throw this.#unlike(
        'a line has one delimiter and not two',
        this.keyStart,
        `a key, ${String(delimiter)} and a payload`,
      );
    this.payloadStart = this.keyEnd + delimiter.length;
  }

  #partition(start: number, end: number): number {
    const digits = this.bytes.toString('latin1', start, end);
    const partition = Number(digits);
    if (digits === '' || digits.length > LONGEST_OFFSET || partition > MOST_PARTITION)
      throw this.#unlike('a line has no partition', start, `a number from 0 to ${MOST_PARTITION}`);
    return partition;
  }

  #readOffset(start: number, end: number): void {
    const { bytes, offset } = this;
    if (end > start && end - start <= SAFE_DIGITS) {
      let value = 0;
      for (let at = start; at < end; at += 1) value = value * 10 + bytes[at]! - ZERO;
      offset.hi = Math.floor(value / 2 ** 32);
      offset.lo = value >>> 0;
      return;
    }
    const digits = bytes.toString('latin1', start, end);
    const value = digits === '' || digits.length > LONGEST_OFFSET ? -1n : BigInt(digits);
    if (value < 0n || value > MOST_OFFSET)
      throw this.#unlike('a line has no offset', start, `a number from 0 to ${MOST_OFFSET}`);
    offset.hi = Number(value >> 32n);
    offset.lo = Number(value & 0xffffffffn);
  }

  #unlike(message: string, at: number, expected: string): FormatError {
    const { bytes } = this;
    const shown = JSON.stringify(bytes.toString('utf8', at, at + SHOWN));
    const found = at >= bytes.length ? 'the end of the line' : bytes.length - at > SHOWN ? `${shown}...` : shown;
    return new FormatError('corrupt', message, { position: at, noticedAt: at, expected, found });
  }
}

function digitsEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9) at += 1;
  return at;
}

function holdsAt(bytes: Buffer, what: Buffer, at: number): boolean {
  return at + what.length <= bytes.length && bytes.compare(what, 0, what.length, at, at + what.length) === 0;
}
