import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileStatus, WriteOptions } from '../../connections/hdfs/file-store.ts';
import { MemoryFileStore } from './memory-file-store.ts';

/** A FileStore whose files are in a folder on disk, so that memory is that of who reads and writes. */
export class DiskFileStore extends MemoryFileStore {
  readonly #disk = mkdtempSync(join(tmpdir(), 'rewind-simulated-'));
  readonly #written = new Map<string, { file: string; modifiedAt: number }>();
  #number = 0;

  override async status(path: string, signal?: AbortSignal): Promise<FileStatus | undefined> {
    const written = this.#written.get(path);
    if (written === undefined) return super.status(path, signal);
    return { path, kind: 'file', length: statSync(written.file).size, modifiedAt: written.modifiedAt };
  }

  override async read(path: string, position: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const written = this.#written.get(path);
    if (written === undefined) return super.read(path, position, length, signal);
    return readPart(written.file, position, length);
  }

  /** Whether something was written there, and not deleted since. */
  protected isWritten(path: string): boolean {
    return this.#written.has(path);
  }

  override async write(
    path: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    _options?: WriteOptions,
  ): Promise<number> {
    await super.write(path, []);
    const file = join(this.#disk, String((this.#number += 1)));
    const descriptor = openSync(file, 'w');
    let bytes = 0;
    try {
      for await (const chunk of chunks) bytes += writeSync(descriptor, chunk);
    } finally {
      closeSync(descriptor);
    }
    this.#written.set(path, { file, modifiedAt: Date.now() });
    return bytes;
  }

  override async rename(from: string, to: string, signal?: AbortSignal): Promise<boolean> {
    const moved = await super.rename(from, to, signal);
    const written = this.#written.get(from);
    if (moved && written !== undefined) {
      this.#written.delete(from);
      this.#written.set(to, written);
    }
    return moved;
  }

  override async delete(path: string, options: { recursive?: boolean; signal?: AbortSignal } = {}): Promise<boolean> {
    for (const [at, { file }] of this.#written)
      if (at === path || at.startsWith(`${path}/`)) {
        unlinkSync(file);
        this.#written.delete(at);
      }
    return super.delete(path, options);
  }

  override async close(): Promise<void> {
    rmSync(this.#disk, { recursive: true, force: true });
  }
}

function readPart(file: string, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const descriptor = openSync(file, 'r');
  try {
    if (readSync(descriptor, bytes, 0, length, position) !== length) throw new RangeError(`${file} is shorter`);
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}
