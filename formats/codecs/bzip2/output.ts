import { overLimit } from '../codec.ts';

const POLYNOMIAL = 0x04c11db7;
/** CRC-32 as bzip2 has it: the highest bit first, unlike that of gzip. */
const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc;
});

/** Where decompressed bytes go, and the CRC of those since `startBlock`. */
export class Output {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;
  #crc = -1;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  startBlock(): void {
    this.#crc = -1;
  }

  /** The CRC of the block, an unsigned 32-bit number. */
  get crc(): number {
    return ~this.#crc >>> 0;
  }

  repeat(byte: number, times: number): void {
    while (this.#length + times > this.#bytes.length) this.#grow();
    let crc = this.#crc;
    for (let i = 0; i < times; i++) {
      this.#bytes[this.#length++] = byte;
      crc = (crc << 8) ^ CRC[(crc >>> 24) ^ byte]!;
    }
    this.#crc = crc;
  }

  /** A limit is looked at only here: between two steps there is never more than twice as much as came out. */
  #grow(): void {
    if (this.#bytes.length > this.#limit) throw overLimit('bzip2', this.#limit);
    const grown = Buffer.allocUnsafe(Math.min(this.#bytes.length * 2, this.#limit + 1));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }

  bytes(): Uint8Array {
    if (this.#length > this.#limit) throw overLimit('bzip2', this.#limit);
    return this.#bytes.subarray(0, this.#length);
  }
}
