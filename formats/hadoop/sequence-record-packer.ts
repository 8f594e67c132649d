import type { Compress } from '../codecs/compress/compressor.ts';
import { CompressionQueue } from '../output/compression-queue.ts';
import type { FileOutput } from '../output/file-output.ts';
import { syncPoint } from './sync-point.ts';

/** Puts records into a SequenceFile in one of its forms. */
export interface RecordPacker {
  readonly isFull: boolean;
  append(key: Uint8Array, value: readonly Uint8Array[]): void;
  drained(): Promise<void>;
  end(): Promise<void>;
}

/** Record by record: lengths, key, and the value as it is or compressed; a sync marker where enough has come. */
export class SequenceRecordPacker implements RecordPacker {
  readonly #output: FileOutput;
  readonly #syncMarker: Uint8Array;
  readonly #compress: Compress | undefined;
  readonly #queue = new CompressionQueue();
  readonly #syncBytes: number;
  #lastSync = 0;

  constructor(output: FileOutput, syncMarker: Uint8Array, compress: Compress | undefined, syncBytes: number) {
    this.#output = output;
    this.#syncMarker = syncMarker;
    this.#compress = compress;
    this.#syncBytes = syncBytes;
  }

  get isFull(): boolean {
    return this.#queue.isFull;
  }

  append(key: Uint8Array, value: readonly Uint8Array[]): void {
    if (this.#compress === undefined) return this.#put(key, value);
    // The caller may use both again before the value is compressed in the background.
    const kept = Buffer.from(key);
    this.#queue.submit(this.#compress(Buffer.concat(value)), (compressed) => this.#put(kept, [compressed]));
  }

  async drained(): Promise<void> {
    await this.#queue.drained();
  }

  async end(): Promise<void> {
    await this.#queue.idle();
  }

  #put(key: Uint8Array, value: readonly Uint8Array[]): void {
    const output = this.#output;
    if (output.length >= this.#lastSync + this.#syncBytes) {
      output.append(syncPoint(this.#syncMarker));
      this.#lastSync = output.length;
    }
    let length = key.length;
    for (const part of value) length += part.length;
    const head = output.reserve(8);
    head.length = head.bytes.writeInt32BE(length, head.length);
    head.length = head.bytes.writeInt32BE(key.length, head.length);
    output.append(key);
    for (const part of value) output.append(part);
  }
}
