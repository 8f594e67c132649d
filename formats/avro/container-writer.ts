import { createHash } from 'node:crypto';
import { ByteWriter } from '../byte-writer.ts';
import { loadAvroCompressor } from '../codecs/compress/avro-compressors.ts';
import type { AvroWriteCodec } from '../codecs/compress/avro-compressors.ts';
import type { BlockCompressor, CompressionOptions } from '../codecs/compress/compressor.ts';
import type { ByteSink } from '../output/byte-sink.ts';
import { CompressionQueue } from '../output/compression-queue.ts';
import { FileOutput } from '../output/file-output.ts';
import type { WrittenFile } from '../output/file-output.ts';
import type { FileWriter } from '../output/file-writer.ts';
import { SYNC_LENGTH } from './container-header.ts';
import { encodeContainerHeader } from './container-header-writer.ts';
import { appendCount } from './datum/append-long.ts';
import type { DatumWriter } from './datum-writer.ts';

/** Records of no width cost no byte: a block ends here in any case, long before a reader would refuse it. */
const MOST_RECORDS = 1 << 20;

/** Room behind `blockBytes` for the record that ends the block. */
const SLACK = 8 * 1024;

export interface ContainerWriterOptions extends CompressionOptions {
  /** Text of the schema, put into the header as it is. */
  schemaJson: string;
  /** @default 'null', which the header then doesn't name, as Java's and Camus's don't */
  codec?: AvroWriteCodec | undefined;
  /** Bytes of encoded records after which a block ends: Java's has 64,000, Camus's 16,000. @default 128 KiB */
  blockBytes?: number | undefined;
  /** 16 bytes; `syncMarkerOf` makes them from what the file is. */
  syncMarker: Uint8Array;
  /** More metadata for the header; keys that begin with `avro.` are the format's own. */
  metadata?: Iterable<readonly [key: string, value: Uint8Array | string]> | undefined;
  sink: ByteSink;
}

/** The sync marker of a file, the same for each attempt to write it: of the SHA-256 of `seed`, which names the file. */
export function syncMarkerOf(seed: string): Uint8Array {
  return createHash('sha256').update(seed).digest().subarray(0, SYNC_LENGTH);
}

/**
 * Writes an Avro object container file as Java's DataFileWriter does: a block ends with the record that fills it. The
 * same options and records give the same bytes (of deflate: on the same version of Node and kind of processor).
 */
export class ContainerWriter implements FileWriter {
  readonly #options: ContainerWriterOptions;
  readonly #blockBytes: number;
  readonly #output: FileOutput;
  readonly #compressor: BlockCompressor;
  readonly #queue = new CompressionQueue();
  readonly #spare: ByteWriter[] = [];
  #block: ByteWriter;
  #inBlock = 0;
  #records = 0;

  constructor(options: ContainerWriterOptions, compressor: BlockCompressor) {
    const { syncMarker, blockBytes = 128 * 1024 } = options;
    if (syncMarker.length !== SYNC_LENGTH)
      throw new RangeError(`a sync marker has ${SYNC_LENGTH} bytes, not ${syncMarker.length}`);
    if (!(blockBytes >= 1)) throw new RangeError(`a block has at least 1 byte, not ${blockBytes}`);
    this.#options = options;
    this.#blockBytes = blockBytes;
    this.#output = new FileOutput(options.sink);
    this.#compressor = compressor;
    this.#block = this.#emptyBlock();
    this.#output.append(encodeContainerHeader(options));
  }

  get records(): number {
    return this.#records;
  }

  get length(): number {
    return this.#output.length;
  }

  /**
   * Appends the datum that is [position, end) of `data`, checked and, where need be, resolved by `datum`.
   * @returns whether more may be appended without waiting for `drained`
   * @throws FormatError for a datum that `datum` refuses, of which nothing is written; the sink's error
   */
  append(datum: DatumWriter, data: Uint8Array, position: number, end: number): boolean {
    datum.append(data, position, end, this.#block);
    this.#records++;
    this.#inBlock++;
    if (this.#block.length >= this.#blockBytes || this.#inBlock >= MOST_RECORDS) this.#endBlock();
    return !this.#queue.isFull && !this.#output.isFull;
  }

  async drained(): Promise<void> {
    await this.#queue.drained();
    await this.#output.drained();
  }

  async end(): Promise<WrittenFile> {
    if (this.#inBlock > 0) this.#endBlock();
    await this.#queue.idle();
    return { ...(await this.#output.end()), records: this.#records };
  }

  #endBlock(): void {
    const block = this.#block;
    const count = this.#inBlock;
    const data = block.view();
    const trailer = this.#compressor.trailer?.(data);
    this.#queue.submit(this.#compressor.compress(data), (compressed) => {
      const head = this.#output.reserve(20);
      appendCount(head, count);
      appendCount(head, compressed.length + (trailer?.length ?? 0));
      this.#output.append(compressed);
      if (trailer !== undefined) this.#output.append(trailer);
      this.#output.append(this.#options.syncMarker);
      // A block that one large record has blown up is not kept.
      block.length = 0;
      if (block.bytes.length <= 2 * (this.#blockBytes + SLACK)) this.#spare.push(block);
    });
    this.#inBlock = 0;
    this.#block = this.#spare.pop() ?? this.#emptyBlock();
  }

  #emptyBlock(): ByteWriter {
    // Doubled three times it holds a block: most files of a quiet topic never need that.
    return new ByteWriter((this.#blockBytes + SLACK) >>> 3);
  }
}

/**
 * A writer with its codec ready.
 * @throws RangeError for options that make no sense
 */
export async function openContainerWriter(options: ContainerWriterOptions): Promise<ContainerWriter> {
  return new ContainerWriter(options, await loadAvroCompressor(options.codec ?? 'null', options));
}
