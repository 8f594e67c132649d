import { deflateSync } from 'node:zlib';
import { WritableBytes } from './hadoop-writable.ts';

export interface SequenceFileOptions {
  /** Full names of Java classes. */
  keyClass: string;
  valueClass: string;
  /** `record` compresses each value with DefaultCodec (zlib). @default 'none' */
  compression?: 'none' | 'record';
  /** 16 bytes. */
  sync: Uint8Array;
  /** Bytes between sync markers. @default 2000, that of Hadoop before 3.0 */
  syncInterval?: number;
}

/** A SequenceFile of version 6, as Hadoop's SequenceFile.Writer and RecordCompressWriter lay it out, built in memory. */
export class SequenceFileWriter {
  private readonly options: SequenceFileOptions;
  private readonly pieces: Buffer[] = [];
  private length = 0;
  private lastSync = 0;

  constructor(options: SequenceFileOptions) {
    this.options = options;
    const compressed = options.compression === 'record';
    const header = new WritableBytes()
      .raw(Buffer.from('SEQ\x06', 'latin1'))
      .text(options.keyClass)
      .text(options.valueClass)
      .byte(compressed ? 1 : 0)
      .byte(0);
    if (compressed) header.text('org.apache.hadoop.io.compress.DefaultCodec');
    this.push(header.int(0).raw(options.sync).take());
  }

  append(key: Uint8Array, value: Uint8Array): void {
    if (this.length >= this.lastSync + (this.options.syncInterval ?? 2000)) {
      this.push(new WritableBytes().int(-1).raw(this.options.sync).take());
      this.lastSync = this.length;
    }
    const stored = this.options.compression === 'record' ? deflateSync(value) : value;
    this.push(
      new WritableBytes()
        .int(key.length + stored.length)
        .int(key.length)
        .raw(key)
        .raw(stored)
        .take(),
    );
  }

  take(): Buffer {
    return Buffer.concat(this.pieces);
  }

  private push(bytes: Buffer): void {
    this.pieces.push(bytes);
    this.length += bytes.length;
  }
}
