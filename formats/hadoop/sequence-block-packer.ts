import { ByteWriter } from '../byte-writer.ts';
import type { Compress } from '../codecs/compress/compressor.ts';
import { CompressionQueue } from '../output/compression-queue.ts';
import type { FileOutput } from '../output/file-output.ts';
import type { RecordPacker } from './sequence-record-packer.ts';
import { syncPoint } from './sync-point.ts';
import { putLength } from './writable-output.ts';

/** Keys, values and their lengths, each part of a block compressed by itself: Hadoop's BlockCompressWriter. */
export class SequenceBlockPacker implements RecordPacker {
  readonly #output: FileOutput;
  readonly #syncMarker: Uint8Array;
  readonly #compress: Compress;
  readonly #queue = new CompressionQueue();
  readonly #blockBytes: number;
  #parts = newParts();
  #records = 0;

  constructor(output: FileOutput, syncMarker: Uint8Array, compress: Compress, blockBytes: number) {
    if (!(blockBytes >= 1)) throw new RangeError(`a block has at least 1 byte, not ${blockBytes}`);
    this.#output = output;
    this.#syncMarker = syncMarker;
    this.#compress = compress;
    this.#blockBytes = blockBytes;
  }

  get isFull(): boolean {
    return this.#queue.isFull;
  }

  append(key: Uint8Array, value: readonly Uint8Array[]): void {
    const { keyLengths, keys, valueLengths, values } = this.#parts;
    putLength(key.length, keyLengths);
    keys.append(key);
    const before = values.length;
    for (const part of value) values.append(part);
    putLength(values.length - before, valueLengths);
    this.#records++;
    if (keys.length + values.length >= this.#blockBytes) this.#endBlock();
  }

  async drained(): Promise<void> {
    await this.#queue.drained();
  }

  async end(): Promise<void> {
    if (this.#records > 0) this.#endBlock();
    await this.#queue.idle();
  }

  #endBlock(): void {
    const { keyLengths, keys, valueLengths, values } = this.#parts;
    const head = new ByteWriter(64);
    head.append(syncPoint(this.#syncMarker));
    putLength(this.#records, head);
    const compressed = [keyLengths, keys, valueLengths, values].map((part) => this.#compress(part.view()));
    const later = compressed.some((part) => part instanceof Promise);
    const block = later
      ? Promise.all(compressed.map(async (part) => part)).then((parts) => framed(head, parts))
      : framed(head, compressed as Uint8Array[]);
    this.#queue.submit(block, (bytes) => this.#output.append(bytes));
    if (later) this.#parts = newParts();
    else for (const part of Object.values(this.#parts)) part.length = 0;
    this.#records = 0;
  }
}

function framed(head: ByteWriter, parts: readonly Uint8Array[]): Uint8Array {
  for (const part of parts) {
    putLength(part.length, head);
    head.append(part);
  }
  return head.view();
}

function newParts(): Record<'keyLengths' | 'keys' | 'valueLengths' | 'values', ByteWriter> {
  return {
    keyLengths: new ByteWriter(1024),
    keys: new ByteWriter(4096),
    valueLengths: new ByteWriter(1024),
    values: new ByteWriter(16 * 1024),
  };
}
