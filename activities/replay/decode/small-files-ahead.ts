import type { FileSource } from '../../../connections/hdfs/file-source.ts';
import type { ManifestFile } from '../manifest/manifest.ts';

/** Files up to this length are read whole, before their turn. */
const SMALL_BYTES = 64 * 1024;
/** Files that are read at once, with the one whose turn it is: memory and connections are bounded by it. */
const AT_ONCE = 8;

/**
 * The files of a split, of which small ones are read some at a time: each costs several round trips to HDFS whatever is
 * in it, and a split may have a thousand. What is wrong with one is told at its turn.
 */
export class SmallFilesAhead {
  readonly #files: readonly ManifestFile[];
  readonly #open: (file: ManifestFile) => FileSource;
  readonly #begun = new Map<number, FileSource>();
  #next = 0;

  constructor(files: readonly ManifestFile[], open: (file: ManifestFile) => FileSource) {
    this.#files = files;
    this.#open = open;
  }

  /** The file whose turn it is; to be called with 0, 1, 2 ... */
  take(index: number): FileSource {
    for (; this.#next < Math.min(this.#files.length, index + AT_ONCE); this.#next += 1) {
      const file = this.#files[this.#next]!;
      if (file.length <= SMALL_BYTES) this.#begun.set(this.#next, whole(this.#open(file)));
    }
    const source = this.#begun.get(index) ?? this.#open(this.#files[index]!);
    this.#begun.delete(index);
    return source;
  }
}

/** A file that is read at once, and proven behind it to be the listed one. */
function whole(source: FileSource): FileSource {
  const reading = source.whole();
  reading.catch(() => undefined); // told by whoever takes it
  return {
    length: source.length,
    whole: () => reading,
    verify: async () => {
      await reading;
    },
    read: async (position, length) => {
      if (position < 0 || length < 0 || position + length > source.length)
        throw new RangeError(`read of ${length} bytes at ${position} is outside of ${source.length} bytes`);
      return (await reading).subarray(position, position + length);
    },
  };
}
