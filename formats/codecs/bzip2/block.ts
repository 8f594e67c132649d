import { damaged } from '../codec.ts';
import type { BitInput } from './bit-input.ts';
import type { Output } from './output.ts';
import { PrefixCode } from './prefix-code.ts';
import { Randomisation } from './randomisation.ts';

/** Symbols that are decoded with one code before the next selector. */
const GROUP = 50;
/** More selectors than a block can use may be there, and are passed over as libbzip2 does. */
const MOST_SELECTORS = 18_002;
const MOST_CODES = 6;
const RUN_A = 0;
const RUN_B = 1;
/** Runs are told by digits of growing weight; beyond this weight no block has room. */
const HEAVIEST = 1 << 21;

/**
 * The memory of one block, which is kept from one to the next: records compressed one by one are a stream each. Made
 * for the largest block only when one comes.
 */
export class BlockDecoder {
  readonly #codes = Array.from({ length: MOST_CODES }, () => new PrefixCode());
  readonly #selectors = new Uint8Array(MOST_SELECTORS);
  readonly #front = new Uint8Array(256);
  readonly #counts = new Int32Array(256);
  /** In the low 8 bits the bytes of the last column, in the others where the next byte is. */
  #links = new Uint32Array(0);

  /**
   * Decodes the block behind its magic number.
   * @param size the most bytes that it may have before its runs are spread
   * @returns its CRC, which was checked
   */
  decode(input: BitInput, size: number, output: Output): number {
    const crc = input.uint32();
    const randomised = input.bits(1) === 1;
    const origin = input.bits(24);
    const length = this.#readBytes(input, size);
    if (origin >= length) throw damaged('bzip2', `an origin below ${length}, the length of the block`, String(origin));
    this.#link(length);
    output.startBlock();
    this.#write(origin, length, randomised, output);
    if (output.crc !== crc) throw damaged('bzip2', `CRC ${hex(crc)}, which the block has`, hex(output.crc));
    return crc;
  }

  /** The bytes that are used at all, as two levels of 16 bits, in ascending order to `#front`; their number. */
  #readUsed(input: BitInput): number {
    const groups = input.bits(16);
    let used = 0;
    for (let group = 0; group < 16; group++) {
      if ((groups & (0x8000 >> group)) === 0) continue;
      const bytes = input.bits(16);
      for (let i = 0; i < 16; i++) if ((bytes & (0x8000 >> i)) !== 0) this.#front[used++] = group * 16 + i;
    }
    if (used === 0) throw damaged('bzip2', 'a byte that the block uses', 'none');
    return used;
  }

  /** Which code decodes which group: positions in a list whose last used code is in front. The number of selectors. */
  #readSelectors(input: BitInput, codes: number): number {
    const selectors = input.bits(15);
    if (selectors === 0) throw damaged('bzip2', 'a selector', 'none');
    const front = Array.from({ length: codes }, (_, code) => code);
    for (let i = 0; i < selectors; i++) {
      let place = 0;
      while (input.bits(1) === 1)
        if (++place >= codes) throw damaged('bzip2', `one of ${codes} codes`, `number ${place + 1}`);
      const code = front.splice(place, 1)[0]!;
      front.unshift(code);
      if (i < MOST_SELECTORS) this.#selectors[i] = code;
    }
    input.check();
    return Math.min(selectors, MOST_SELECTORS);
  }

  /** Decodes the symbols to `#links`, and counts them; the number of bytes. */
  #readBytes(input: BitInput, size: number): number {
    const used = this.#readUsed(input);
    const codes = input.bits(3);
    if (codes < 2 || codes > MOST_CODES) throw damaged('bzip2', '2 to 6 codes', String(codes));
    const selectors = this.#readSelectors(input, codes);
    for (let code = 0; code < codes; code++) this.#codes[code]!.read(input, used + 2);
    this.#counts.fill(0);
    const end = used + 1;
    const front = this.#front;
    let length = 0;
    let run = 0;
    let weight = 1;
    for (let group = 0; group < selectors; group++) {
      const code = this.#codes[this.#selectors[group]!]!;
      for (let i = 0; i < GROUP; i++) {
        const symbol = code.symbol(input);
        if (symbol <= RUN_B) {
          if (weight >= HEAVIEST) throw damaged('bzip2', `at most ${size} bytes in the block`, 'a longer run');
          run += symbol === RUN_A ? weight : weight * 2;
          weight *= 2;
          continue;
        }
        if (run > 0) {
          length = this.#append(front[0]!, run, length, size);
          run = 0;
          weight = 1;
        }
        if (symbol === end) {
          input.check();
          return length;
        }
        const place = symbol - 1;
        const byte = front[place]!;
        front.copyWithin(1, 0, place);
        front[0] = byte;
        length = this.#append(byte, 1, length, size);
      }
      input.check();
    }
    throw damaged(
      'bzip2',
      'the end of the block',
      `none in the ${selectors * GROUP} symbols that it has selectors for`,
    );
  }

  #append(byte: number, times: number, length: number, size: number): number {
    const end = length + times;
    if (end > size) throw damaged('bzip2', `at most ${size} bytes in the block`, `${end} or more`);
    if (end > this.#links.length) {
      const grown = new Uint32Array(Math.min(size, Math.max(end, 2 * this.#links.length, 4096)));
      grown.set(this.#links.subarray(0, length));
      this.#links = grown;
    }
    this.#counts[byte]! += times;
    if (times === 1) this.#links[length] = byte;
    else this.#links.fill(byte, length, end);
    return end;
  }

  /** Undoes the Burrows-Wheeler transform: each place gets the place of the byte that follows it. */
  #link(length: number): void {
    const links = this.#links;
    const next = this.#counts;
    let sum = 0;
    for (let byte = 0; byte < 256; byte++) {
      const count = next[byte]!;
      next[byte] = sum;
      sum += count;
    }
    for (let i = 0; i < length; i++) {
      const byte = links[i]! & 0xff;
      const place = next[byte]!++;
      links[place] = (links[place]! & 0xff) | (i << 8);
    }
  }

  /** Follows the links, spreads the runs (four equal bytes and how many more), and writes the bytes. */
  #write(origin: number, length: number, randomised: boolean, output: Output): void {
    const links = this.#links;
    const randomisation = randomised ? new Randomisation() : undefined;
    let link = links[origin]! >>> 8;
    let before = -1;
    let equal = 0;
    for (let i = 0; i < length; i++) {
      const entry = links[link]!;
      link = entry >>> 8;
      const byte = (entry & 0xff) ^ (randomisation?.mask() ?? 0);
      if (equal === 4) {
        if (byte > 0) output.repeat(before, byte);
        equal = 0;
        before = -1;
        continue;
      }
      equal = byte === before ? equal + 1 : 1;
      before = byte;
      output.repeat(byte, 1);
    }
  }
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');
