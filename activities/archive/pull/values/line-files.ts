import { deflateSync, gzipSync } from 'node:zlib';
import { ByteWriter } from '../../../../formats/byte-writer.ts';
import type { ByteSink } from '../../../../formats/output/byte-sink.ts';
import { FileOutput, type WrittenFile } from '../../../../formats/output/file-output.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { ArchiveJob } from '../../job/archive-job.ts';
import type { FileFormat } from '../../job/file-format.ts';
import type { LineFiles } from './line-values.ts';

const BLOCK = 256 * 1024;

/** Files of lines. */
export function lineFiles({ codec }: FileFormat, { delimiter }: ArchiveJob['files']): LineFiles {
  const end = Buffer.from(delimiter);
  const compress = (block: Buffer): Uint8Array => {
    if (codec === 'gzip') return gzipSync(block);
    return codec === 'deflate' ? deflateSync(block) : Buffer.from(block);
  };
  return {
    delimiter: end,
    open: async (sink) => new LineFile(sink, compress),
    append: (writer, _time, bytes, start, stop) => (writer as LineFile).append(bytes, start, stop, end),
  };
}

class LineFile implements FileWriter {
  records = 0;
  readonly #output: FileOutput;
  readonly #compress: (block: Buffer) => Uint8Array;
  readonly #block = new ByteWriter(BLOCK >>> 4);

  constructor(sink: ByteSink, compress: (block: Buffer) => Uint8Array) {
    this.#output = new FileOutput(sink);
    this.#compress = compress;
  }

  get length(): number {
    return this.#output.length;
  }

  append(bytes: Uint8Array, start: number, stop: number, end: Uint8Array): boolean {
    this.#block.append(bytes, start, stop);
    this.#block.append(end);
    this.records += 1;
    if (this.#block.length >= BLOCK) this.#endBlock();
    return !this.#output.isFull;
  }

  drained(): Promise<void> {
    return this.#output.drained();
  }

  async end(): Promise<WrittenFile> {
    if (this.#block.length > 0) this.#endBlock();
    return { ...(await this.#output.end()), records: this.records };
  }

  #endBlock(): void {
    this.#output.append(this.#compress(this.#block.view()));
    this.#block.length = 0;
  }
}
