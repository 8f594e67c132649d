import { damaged } from '../codec.ts';
import type { BitInput } from './bit-input.ts';

const LONGEST = 20;
/** Codes up to this many bits are found by one look into a table. */
const SHORT = 10;
const MOST_SYMBOLS = 258;

/** A canonical prefix code, made anew for each block from the lengths of its codes. */
export class PrefixCode {
  /** By the next 10 bits: symbol * 32 + length of its code, 0 where the code is longer. */
  readonly #short = new Uint16Array(1 << SHORT);
  /** By length: the first code, as if it had 20 bits, that is longer. */
  readonly #limit = new Int32Array(LONGEST + 2);
  /** By length: what to add to a code to get its place in `#symbols`. */
  readonly #base = new Int32Array(LONGEST + 2);
  readonly #symbols = new Uint16Array(MOST_SYMBOLS);
  readonly #lengths = new Uint8Array(MOST_SYMBOLS);

  /** Reads the lengths of the codes, each told by its difference from the one before. */
  read(input: BitInput, symbols: number): void {
    let length = input.bits(5);
    for (let symbol = 0; symbol < symbols; symbol++) {
      for (;;) {
        if (length < 1 || length > LONGEST) throw damaged('bzip2', 'a code of 1 to 20 bits', `${length} bits`);
        if (input.bits(1) === 0) break;
        length += input.bits(1) === 0 ? 1 : -1;
      }
      this.#lengths[symbol] = length;
    }
    input.check();
    this.#assign(symbols);
  }

  #assign(symbols: number): void {
    this.#short.fill(0);
    let code = 0;
    let place = 0;
    for (let length = 1; length <= LONGEST; length++) {
      this.#base[length] = place - code;
      for (let symbol = 0; symbol < symbols; symbol++) {
        if (this.#lengths[symbol] !== length) continue;
        this.#symbols[place++] = symbol;
        if (length <= SHORT) {
          const from = code << (SHORT - length);
          // An over-full code runs out of the table; `fill` stops there, and the block's CRC tells the damage.
          this.#short.fill((symbol << 5) | length, from, from + (1 << (SHORT - length)));
        }
        code += 1;
      }
      this.#limit[length] = code << (LONGEST - length);
      code <<= 1;
    }
  }

  symbol(input: BitInput): number {
    const short = this.#short[input.peek(SHORT)]!;
    if (short !== 0) {
      input.skip(short & 31);
      return short >> 5;
    }
    const next = input.peek(LONGEST);
    for (let length = SHORT + 1; length <= LONGEST; length++) {
      if (next >= this.#limit[length]!) continue;
      const place = (next >> (LONGEST - length)) + this.#base[length]!;
      if (place < 0 || place >= MOST_SYMBOLS) break;
      input.skip(length);
      return this.#symbols[place]!;
    }
    throw damaged('bzip2', 'a code of the block', 'bits that are none');
  }
}
