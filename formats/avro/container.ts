import type { ByteSource } from '../byte-source.ts';
import { withCachedHead } from '../cached-head.ts';
import { loadAvroCodec } from '../codecs/avro-codecs.ts';
import type { Decompress, DecompressLater } from '../codecs/codec.ts';
import { isCredible } from '../counted-records.ts';
import { FormatError } from '../format-error.ts';
import type { RangeMemory } from '../range-memory.ts';
import { withPosition } from '../with-position.ts';
import { ReadAhead } from '../read-ahead.ts';
import { fillBlock } from './container-frame.ts';
import { readContainerHeader, SYNC_LENGTH } from './container-header.ts';
import type { ContainerHeader } from './container-header.ts';
import { recordsLost } from './container-lost.ts';
import { resync, searchStart, startOfSplit } from './container-sync.ts';

export interface ContainerOptions {
  /** Bytes that a header may have. @default 16 MiB */
  headerLimit?: number;
  /** Bytes that the data of a block may have as it is in the file. @default 128 MiB */
  blockLimit?: number;
  /** Bytes that a block may have when decompressed. @default 128 MiB */
  decompressedLimit?: number;
  signal?: AbortSignal;
}

export interface ContainerBlock {
  /** First byte of the block: behind the sync marker before it. */
  position: number;
  /** Byte behind the block's own sync marker: the position of the next block. */
  end: number;
  /** Records, as the block says; whoever decodes them checks it. */
  count: number;
  /** The records, decompressed. A view for codec null: it keeps the range in memory that it was read with. */
  data: Uint8Array;
}

/** What is passed over with a bad block: [position, end). */
export interface SkippedBytes {
  position: number;
  end: number;
  /** Records in it, where heads of blocks tell. */
  count?: number;
}

export interface BlockRange {
  /** Blocks whose first byte is at or after this one. @default 0 */
  start?: number;
  /** Blocks whose first byte is before this one. @default the file's length */
  end?: number;
  /** Bytes a read. @default 2 MiB */
  window?: number;
  /** Whether the next bytes are read while those before are used: not where one block is wanted. @default true */
  ahead?: boolean;
  /** Where ranges are put, if blocks are compressed: else their data is a view of one. @default memory of their own */
  memory?: RangeMemory | undefined;
  /** What to do about a block that can't be read; without it the error is thrown. */
  onBadBlock?: (error: FormatError, skipped: SkippedBytes) => 'throw' | 'skip';
  signal?: AbortSignal;
}

const MEBIBYTE = 1024 * 1024;
const HEAD_READ = 64 * 1024;

/** An open Avro object container file: its header, and its blocks. Holds no resource. */
export class Container implements ContainerHeader {
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  readonly schemaJson: string;
  readonly codec: string;
  readonly syncMarker: Uint8Array;
  readonly headerLength: number;
  readonly #source: ByteSource;
  readonly #decompress: Decompress | DecompressLater;
  readonly #blockLimit: number;
  readonly #decompressedLimit: number;

  constructor(
    source: ByteSource,
    header: ContainerHeader,
    decompress: Decompress | DecompressLater,
    options: ContainerOptions,
  ) {
    this.metadata = header.metadata;
    this.schemaJson = header.schemaJson;
    this.codec = header.codec;
    this.syncMarker = header.syncMarker;
    this.headerLength = header.headerLength;
    this.#source = source;
    this.#decompress = decompress;
    this.#blockLimit = options.blockLimit ?? 128 * MEBIBYTE;
    this.#decompressedLimit = options.decompressedLimit ?? 128 * MEBIBYTE;
  }

  /**
   * The blocks of a split, in order, each checked (head, size, codec, sync marker) before it is given out.
   *
   * A block belongs to the split that its first byte is in. However a file is cut, each block is in exactly one
   * split: the end of a split's last block is the position of the first block of the next split that has one.
   *
   * @throws FormatError with the position of the block
   */
  async *blocks(range: BlockRange = {}): AsyncGenerator<ContainerBlock, void, undefined> {
    const { start = 0, window, ahead, onBadBlock, signal } = range;
    const memory = this.codec === 'null' ? undefined : range.memory;
    const end = Math.min(range.end ?? this.#source.length, this.#source.length);
    const file = { source: this.#source, header: this, blockLimit: this.#blockLimit, signal };
    const readFrom = (position: number) =>
      new ReadAhead(this.#source, {
        start: position,
        softEnd: end,
        ahead,
        memory,
        signal,
        ...(window === undefined ? {} : { window }),
      });
    let reader = readFrom(searchStart(this, start));
    try {
      const first = await startOfSplit(file, reader, start, end);
      if (first >= end) return;
      if (first !== reader.position) {
        reader.close();
        reader = readFrom(first);
      }
      while (reader.position < end) {
        const position = reader.position;
        let block: ContainerBlock;
        const head: { count?: number } = {};
        try {
          block = await this.#readBlock(reader, head);
        } catch (caught) {
          const error = withPosition(caught, position, reader.position);
          if (!(error instanceof FormatError) || onBadBlock === undefined) throw error;
          if (head.count !== undefined && !isCredible(head.count, reader.position - position, 'whole'))
            delete head.count;
          else if (head.count === undefined) {
            await resync(file, reader);
            const count = await recordsLost(file, position, reader.position);
            if (count !== undefined) head.count = count;
          }
          if (onBadBlock(error, { position, end: reader.position, ...head }) === 'throw') throw error;
          continue;
        }
        yield block;
      }
    } finally {
      reader.close();
    }
  }

  /** Sets `found.count` once the frame is known to be whole: the reader then stands behind the block. */
  async #readBlock(reader: ReadAhead, found: { count?: number }): Promise<ContainerBlock> {
    const position = reader.position;
    const head = await fillBlock(reader, this.syncMarker, this.#blockLimit);
    reader.take(head.headLength);
    const compressed = reader.take(head.size);
    reader.take(SYNC_LENGTH);
    found.count = head.count;
    const data = await this.#decompress(compressed, { limit: this.#decompressedLimit });
    return { position, end: reader.position, count: head.count, data };
  }
}

/**
 * Opens an Avro object container file: reads its header and loads its codec.
 * @throws FormatError at position 0: not a container file, a header that is cut or damaged, no schema, or a codec
 * that is not known ('unsupported')
 */
export async function openContainer(source: ByteSource, options: ContainerOptions = {}): Promise<Container> {
  const head = await source.read(0, Math.min(HEAD_READ, source.length), options.signal);
  const cached = withCachedHead(source, head);
  const header = await readContainerHeader(cached, options.headerLimit ?? 16 * MEBIBYTE, options.signal);
  try {
    return new Container(cached, header, await loadAvroCodec(header.codec), options);
  } catch (error) {
    throw withPosition(error, 0, header.headerLength);
  }
}
