import seekBzip from 'seek-bzip';
import { FormatError } from '../format-error.ts';
import { cutShort, damaged, overLimit, reason } from './codec.ts';
import type { Decompress } from './codec.ts';

/** The bytes as the library wants them: it has no end of input, so that a cut stream is never taken for a whole one. */
class Input {
  at = 0;
  readonly #data: Uint8Array;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  readByte(): number {
    if (this.at >= this.#data.length)
      throw cutShort('bzip2', 'the end of the stream', `only ${this.#data.length} bytes`);
    return this.#data[this.at++]!;
  }

  read(buffer: Uint8Array, offset: number, length: number): number {
    for (let i = 0; i < length; i++) buffer[offset + i] = this.readByte();
    return length;
  }
}

class Output {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  writeByte(byte: number): void {
    if (this.#length === this.#bytes.length) this.#grow();
    this.#bytes[this.#length++] = byte;
  }

  /** A limit is looked at only here: between two steps there is never more than twice as much as came out. */
  #grow(): void {
    if (this.#length >= this.#limit) throw overLimit('bzip2', this.#limit);
    const grown = Buffer.allocUnsafe(Math.min(this.#length * 2, Math.max(this.#limit + 1, 1)));
    this.#bytes.copy(grown);
    this.#bytes = grown;
  }

  bytes(): Uint8Array {
    if (this.#length > this.#limit) throw overLimit('bzip2', this.#limit);
    return this.#bytes.subarray(0, this.#length);
  }
}

/** bzip2, one stream or several, the CRC of each block and stream checked: Avro's `bzip2`, Hadoop's BZip2Codec. */
export const bunzip2: Decompress = (data, { limit }) => {
  if (data.length === 0) throw cutShort('bzip2', 'a stream', 'no byte');
  const input = new Input(data);
  const output = new Output(limit);
  try {
    while (input.at < data.length) seekBzip.decode(input, output);
    return output.bytes();
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw damaged('bzip2', 'a valid stream', reason(error), error);
  }
};
