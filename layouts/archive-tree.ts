import type { ByteSource } from '../formats/byte-source.ts';

/** What a layout reads of the file system that holds an archive. Paths are absolute. */
export interface ArchiveTree {
  /** Undefined where nothing is. */
  status(path: string, signal?: AbortSignal): Promise<ArchiveEntry | undefined>;
  /** The entries of a folder; throws EntryGone where there is none. */
  list(path: string, signal?: AbortSignal): AsyncIterable<ArchiveEntry>;
  /** A file that was listed; reading throws EntryGone where it is there no more. */
  open(file: ArchiveEntry): ArchiveSource;
}

export interface ArchiveEntry {
  path: string;
  kind: 'file' | 'directory';
  /** Bytes; 0 for a folder. */
  length: number;
  /** Milliseconds since 1970 UTC. */
  modifiedAt: number;
}

export interface ArchiveSource extends ByteSource {
  /** Proves that every byte came of the file that was listed. */
  verify(signal?: AbortSignal): Promise<void>;
}

/** Something that was listed is there no more: whoever writes the archive has removed it meanwhile. */
export class EntryGone extends Error {
  override readonly name = 'EntryGone';
}

/** The last part of a path. */
export function entryName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
