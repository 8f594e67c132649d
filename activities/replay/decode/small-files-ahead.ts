import type { FileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStatus } from '../../../connections/hdfs/file-store.ts';
import { baseName, parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import type { ManifestFile } from '../manifest/manifest.ts';

/** Files up to this length are read whole, before their turn. */
const SMALL_BYTES = 64 * 1024;
/** Files that are read at once: connections are bounded by it. */
const AT_ONCE = 8;
/** Small files of one folder that are looked at together behind their reads, at most, and their bytes. */
const TOGETHER = 500;
const TOGETHER_BYTES = 4 * 1024 * 1024;
/** So many files are begun before their turn, and one group whatever it has: memory holds two groups at most. */
const AHEAD = 64;

/** Looks at files of one folder, by their names: what is there of them. */
export type LookAtFiles = (folder: string, names: readonly string[]) => Promise<ReadonlyMap<string, FileStatus>>;

/**
 * The files of a split, of which small ones are read some at a time: each costs several round trips to HDFS whatever is
 * in it, and a split may have a thousand. Those that stand together are read before the first of them is decoded, and looked
 * at together, which proves that their bytes are of the files in the manifest. What is wrong with one is told at its turn.
 */
export class SmallFilesAhead {
  readonly #files: readonly ManifestFile[];
  readonly #open: (file: ManifestFile) => FileSource;
  readonly #look: LookAtFiles;
  readonly #begun = new Map<number, FileSource>();
  /** Where the last group begins that is begun, and the one behind it. */
  #lastBegan = 0;
  #next = 0;
  /** Reads that wait for one under way to end. */
  readonly #waiting: (() => Promise<void>)[] = [];
  #underWay = 0;

  constructor(files: readonly ManifestFile[], open: (file: ManifestFile) => FileSource, look: LookAtFiles) {
    this.#files = files;
    this.#open = open;
    this.#look = look;
  }

  /** The file whose turn it is; to be called with 0, 1, 2 ... */
  take(index: number): FileSource {
    // One group at least is read while the one before it is decoded.
    while (this.#next < this.#files.length && (index >= this.#lastBegan || this.#next - index < AHEAD)) {
      this.#lastBegan = this.#next;
      this.#next = this.#endOfGroup(this.#next);
      this.#begin(this.#lastBegan, this.#next);
    }
    const source = this.#begun.get(index) ?? this.#open(this.#files[index]!);
    this.#begun.delete(index);
    return source;
  }

  /** Small files of one folder, or one file. */
  #endOfGroup(from: number): number {
    const folder = parentPath(this.#files[from]!.path);
    let bytes = 0;
    for (let end = from; ; end += 1) {
      const { path, length } = this.#files[end] ?? { path: '', length: Infinity };
      bytes += length;
      const fits = end - from < TOGETHER && bytes <= TOGETHER_BYTES && length <= SMALL_BYTES;
      if (!fits || parentPath(path) !== folder) return Math.max(end, from + 1);
    }
  }

  #begin(from: number, end: number): void {
    const files = this.#files.slice(from, end);
    if (files[0]!.length > SMALL_BYTES) return;
    const read = files.map((file) => new WholeFile(this.#open(file)));
    const all = Promise.all(read.map((file) => this.#inTurn(() => file.read())));
    const folder = parentPath(files[0]!.path) ?? '/';
    const looked = all.then(() =>
      this.#look(
        folder,
        files.map(({ path }) => baseName(path)),
      ),
    );
    looked.catch(() => undefined); // told by whoever takes one
    for (const [index, file] of read.entries()) {
      const name = baseName(files[index]!.path);
      this.#begun.set(from + index, file.provenBy(looked.then((found) => found.get(name))));
    }
  }

  #inTurn(read: () => Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(() => read().then(resolve));
      this.#readOn();
    });
  }

  #readOn(): void {
    while (this.#underWay < AT_ONCE) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#underWay += 1;
      void next().finally(() => {
        this.#underWay -= 1;
        this.#readOn();
      });
    }
  }
}

/** A small file: what came of its one read. */
class WholeFile {
  readonly #source: FileSource;
  #bytes: Uint8Array = new Uint8Array(0);
  #failure: { error: unknown } | undefined;

  constructor(source: FileSource) {
    this.#source = source;
  }

  async read(): Promise<void> {
    try {
      this.#bytes = await this.#source.readAll();
    } catch (error) {
      this.#failure = { error };
    }
  }

  /** The file as its readers take it, once it is known what was there behind the read. */
  provenBy(found: Promise<FileStatus | undefined>): FileSource {
    const source = this.#source;
    const proven = found.then((status) => {
      if (this.#failure !== undefined) throw this.#failure.error;
      source.assertListed(status);
      return this.#bytes;
    });
    proven.catch(() => undefined); // told by whoever takes it
    return {
      ...source,
      readAll: () => proven,
      verify: async () => {
        await proven;
      },
      read: async (position, length) => {
        if (position < 0 || length < 0 || position + length > source.length)
          throw new RangeError(`read of ${length} bytes at ${position} is outside of ${source.length} bytes`);
        return (await proven).subarray(position, position + length);
      },
    };
  }
}
