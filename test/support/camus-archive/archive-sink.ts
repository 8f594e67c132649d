import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';

/** Where an archive is written to. */
export interface ArchiveSink {
  write(path: string, bytes: AsyncIterable<Uint8Array> | Uint8Array): Promise<void>;
  /**
   * Renames a folder; parents are made. Camus moves an execution to the history when it is whole; without this its files
   * appear there one by one.
   */
  move?(from: string, to: string): Promise<void>;
}

/** HDFS, or whatever else a FileStore stands for. */
export function fileStoreSink(store: FileStore): ArchiveSink {
  return {
    write: async (path, bytes) => {
      await store.write(path, bytes instanceof Uint8Array ? [bytes] : bytes);
    },
    move: async (from, to) => {
      await store.makeDirectory(dirname(to));
      if (!(await store.rename(from, to))) throw new Error(`${store.describe()} did not rename ${from} to ${to}`);
    },
  };
}

/** A folder on a local disk; the paths of the archive are below it. */
export function diskSink(root: string): ArchiveSink {
  return {
    write: async (path, bytes) => {
      const target = join(root, path);
      await mkdir(dirname(target), { recursive: true });
      const chunks = bytes instanceof Uint8Array ? [bytes] : bytes;
      await pipeline(Readable.from(chunks, { objectMode: true }), createWriteStream(target));
    },
    move: async (from, to) => {
      await mkdir(dirname(join(root, to)), { recursive: true });
      await rename(join(root, from), join(root, to));
    },
  };
}

/** Files by path, for tests of small archives. */
export function memorySink(files: Map<string, Buffer> = new Map()): ArchiveSink & { files: Map<string, Buffer> } {
  return {
    files,
    write: async (path, bytes) => {
      const pieces: Uint8Array[] = [];
      if (bytes instanceof Uint8Array) pieces.push(bytes);
      else for await (const piece of bytes) pieces.push(piece);
      files.set(path, Buffer.concat(pieces));
    },
    move: async (from, to) => {
      for (const [path, bytes] of [...files])
        if (path.startsWith(`${from}/`)) {
          files.delete(path);
          files.set(to + path.slice(from.length), bytes);
        }
    },
  };
}
