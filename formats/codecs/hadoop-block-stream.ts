import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { ReadAhead } from '../read-ahead.ts';
import type { Decompress } from './codec.ts';
import { decompressWithin } from './hadoop-blocks.ts';
import type { Chunks, StreamOptions } from './chunks.ts';

/** Blocks of more than this are refused; Hadoop makes them of one write, or of its buffer of 256 KiB. */
const LARGEST_BLOCK = 128 * 1024 * 1024;

/** Snappy and LZ4 make no more than this many bytes of one. */
const LARGEST_RATIO = 256;

/** Reads the blocks of `BlockDecompressorStream` one by one. */
class BlockReader {
  readonly reader: ReadAhead;
  readonly #codec: string;
  /** First byte of the block being read. */
  block = 0;

  constructor(source: ByteSource, codec: string, options: StreamOptions) {
    const { window, signal } = options;
    this.reader = new ReadAhead(source, { signal, ...(window === undefined ? {} : { window }) });
    this.#codec = codec;
  }

  fault(fault: 'truncated' | 'corrupt' | 'limit', expected: string, found: string): FormatError {
    const what = { truncated: 'ends too early', corrupt: 'is damaged', limit: 'has too large a block' }[fault];
    const facts = { position: this.block, noticedAt: this.reader.position, expected, found };
    return new FormatError(fault, `${this.#codec} data in Hadoop's block framing ${what}`, facts);
  }

  async length(what: string): Promise<number> {
    const have = await this.reader.fill(4);
    if (have < 4) throw this.fault('truncated', `${what} in 4 bytes`, `${have} bytes`);
    const bytes = this.reader.take(4);
    const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0);
    if (length < 0) throw this.fault('corrupt', `${what} of zero or more`, `${length}`);
    return length;
  }

  async chunk(missing: number, decompress: Decompress): Promise<Uint8Array> {
    const length = await this.length('the length of a chunk');
    if (length > this.reader.remaining)
      throw this.fault('truncated', `a chunk of ${length} bytes`, `${this.reader.remaining} bytes`);
    if (length > LARGEST_BLOCK) throw this.fault('limit', `a chunk of at most ${LARGEST_BLOCK} bytes`, `${length}`);
    await this.reader.fill(length);
    try {
      const chunk = decompressWithin(this.#codec, this.reader.take(length), missing, decompress);
      if (chunk.length > 0) return chunk;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw this.fault('corrupt', error.facts.expected ?? error.message, error.facts.found ?? 'damage');
    }
    throw this.fault('corrupt', `${missing} more bytes in the block`, 'a chunk of none');
  }
}

/**
 * Decompresses a file of Hadoop's SnappyCodec or Lz4Codec, a block at a time: a block is given out when it is whole.
 * @throws FormatError with the position of the block
 */
export async function* hadoopBlockChunks(
  source: ByteSource,
  codec: string,
  decompress: Decompress,
  options: StreamOptions,
): Chunks {
  const blocks = new BlockReader(source, codec, options);
  const { reader } = blocks;
  try {
    while (reader.remaining > 0) {
      blocks.block = reader.position;
      let missing = await blocks.length('the length of a block');
      if (missing > reader.remaining * LARGEST_RATIO)
        throw blocks.fault('corrupt', `a block that ${reader.remaining} bytes can hold`, `${missing} bytes`);
      if (missing > LARGEST_BLOCK) throw blocks.fault('limit', `at most ${LARGEST_BLOCK} bytes`, `${missing}`);
      const chunks: Uint8Array[] = [];
      while (missing > 0) {
        const chunk = await blocks.chunk(missing, decompress);
        missing -= chunk.length;
        chunks.push(chunk);
      }
      yield* chunks;
    }
  } finally {
    reader.close();
  }
}
