import { copyWords, MOST_IN_WORDS, wordsOf } from './words.ts';

/** Bytes that are copied in a loop: a view costs more than that. */
const SHORT = 32;

/**
 * A growing run of bytes. `bytes` may be larger than `length` and is replaced when it grows: take views only after
 * the last write. Writers of hot loops call `reserve` once and then store into `bytes` themselves.
 */
export class ByteWriter {
  bytes: Buffer;
  /** The same, for who stores four bytes at once. */
  words: DataView;
  length = 0;

  /** `memory`: bytes to write into, or how many to begin with. */
  constructor(memory: number | Buffer = 64 * 1024) {
    this.bytes = typeof memory === 'number' ? Buffer.allocUnsafeSlow(memory) : memory;
    this.words = wordsOf(this.bytes);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
    this.words = wordsOf(grown);
  }

  /** Appends [start, end) of `source`. `words`: the same bytes, where there are many runs of them to be appended. */
  append(source: Uint8Array, start = 0, end: number = source.length, words?: DataView): void {
    const count = end - start;
    this.reserve(count);
    const { bytes, length } = this;
    if (words !== undefined && count <= MOST_IN_WORDS) copyWords(words, start, end, this.words, length);
    else if (count <= SHORT) for (let at = 0; at < count; at++) bytes[length + at] = source[start + at]!;
    else bytes.set(start === 0 && end === source.length ? source : source.subarray(start, end), length);
    this.length = length + count;
  }

  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}
