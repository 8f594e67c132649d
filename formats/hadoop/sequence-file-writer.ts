import { ByteWriter } from '../byte-writer.ts';
import type { CompressionOptions } from '../codecs/compress/compressor.ts';
import { HADOOP_CODEC_CLASSES, loadHadoopCompressor } from '../codecs/compress/hadoop-compressors.ts';
import type { HadoopWriteCodec } from '../codecs/compress/hadoop-compressors.ts';
import type { ByteSink } from '../output/byte-sink.ts';
import { FileOutput } from '../output/file-output.ts';
import type { WrittenFile } from '../output/file-output.ts';
import type { FileWriter } from '../output/file-writer.ts';
import { SequenceBlockPacker } from './sequence-block-packer.ts';
import { SEQUENCE_SYNC_LENGTH } from './sequence-file-header.ts';
import type { RecordPacker } from './sequence-record-packer.ts';
import { SequenceRecordPacker } from './sequence-record-packer.ts';
import { WritableOutput } from './writable-output.ts';

export interface SequenceFileWriterOptions extends CompressionOptions {
  /** Full names of Java classes. */
  keyClass: string;
  valueClass: string;
  /** What is compressed: nothing, each value, or keys and values of many records together. @default 'none' */
  compression?: 'none' | 'record' | 'block' | undefined;
  /** @default 'default', which is zlib */
  codec?: HadoopWriteCodec | undefined;
  /** 16 bytes. */
  syncMarker: Uint8Array;
  /** Bytes after which a sync marker comes, but for blocks. @default 100 KiB, as Hadoop's since 3.1; before: 2,000 */
  syncBytes?: number | undefined;
  /** Bytes of keys and values in a block, `io.seqfile.compress.blocksize`. @default 1,000,000 */
  blockBytes?: number | undefined;
  /** Entries of the header, sorted by name as Hadoop's are. */
  metadata?: Readonly<Record<string, string>> | undefined;
  sink: ByteSink;
}

/** A SequenceFile of version 6, as Hadoop's SequenceFile.Writer lays it out. */
export class SequenceFileWriter implements FileWriter {
  readonly #output: FileOutput;
  readonly #packer: RecordPacker;
  #records = 0;

  constructor(output: FileOutput, packer: RecordPacker) {
    this.#output = output;
    this.#packer = packer;
  }

  get records(): number {
    return this.#records;
  }

  get length(): number {
    return this.#output.length;
  }

  /**
   * Appends a record of a serialized key and a value in as many pieces as it comes in.
   * @returns whether more may be appended without waiting for `drained`
   */
  append(key: Uint8Array, ...value: readonly Uint8Array[]): boolean {
    this.#packer.append(key, value);
    this.#records++;
    return !this.#packer.isFull && !this.#output.isFull;
  }

  async drained(): Promise<void> {
    await this.#packer.drained();
    await this.#output.drained();
  }

  async end(): Promise<WrittenFile> {
    await this.#packer.end();
    return { ...(await this.#output.end()), records: this.#records };
  }
}

/**
 * A writer with its codec ready and the header on its way.
 * @throws RangeError for options that make no sense
 */
export async function openSequenceFileWriter(options: SequenceFileWriterOptions): Promise<SequenceFileWriter> {
  const { compression = 'none', codec = 'default', syncMarker } = options;
  if (syncMarker.length !== SEQUENCE_SYNC_LENGTH)
    throw new RangeError(`a sync marker has ${SEQUENCE_SYNC_LENGTH} bytes, not ${syncMarker.length}`);
  const compress = compression === 'none' ? undefined : await loadHadoopCompressor(codec, options);
  const output = new FileOutput(options.sink);
  output.append(encodeHeader(options));
  const packer =
    compress !== undefined && compression === 'block'
      ? new SequenceBlockPacker(output, syncMarker, compress, options.blockBytes ?? 1_000_000)
      : new SequenceRecordPacker(output, syncMarker, compress, options.syncBytes ?? 100 * 1024);
  return new SequenceFileWriter(output, packer);
}

function encodeHeader(options: SequenceFileWriterOptions): Uint8Array {
  const { compression = 'none', codec = 'default', metadata = {} } = options;
  const out = new WritableOutput(new ByteWriter(512))
    .raw(Buffer.from('SEQ\x06', 'latin1'))
    .text(options.keyClass)
    .text(options.valueClass)
    .byte(compression === 'none' ? 0 : 1)
    .byte(compression === 'block' ? 1 : 0);
  if (compression !== 'none') out.text(HADOOP_CODEC_CLASSES[codec]);
  const entries = Object.entries(metadata).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  out.int32(entries.length);
  for (const [name, value] of entries) out.text(name).text(value);
  return out.raw(options.syncMarker).take();
}
