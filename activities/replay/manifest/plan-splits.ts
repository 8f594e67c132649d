import type { ManifestFile, Split } from './manifest.ts';

/** Files in one split at most: every file costs a few round trips, and a retry does all of a split again. */
export const MAX_FILES_PER_SPLIT = 1_000;

/** The parts of a file that is cut at sync markers: even ones of about `splitBytes`. */
export function* partsOf(
  file: ManifestFile,
  splitBytes: number,
): Generator<Split & { range: { start: number; end: number } }> {
  const parts = Math.ceil(file.length / splitBytes);
  for (let part = 0; part < parts; part += 1)
    yield {
      files: [file],
      range: {
        start: Math.floor((file.length * part) / parts),
        end: Math.floor((file.length * (part + 1)) / parts),
      },
    };
}

/** After so many splits the next ones are twice as large: of hundreds of terabytes there are some ten thousand. */
export const SPLITS_OF_A_SIZE = 4_096;
/** A split that was interrupted is done again: some minutes of work at most. */
export const LARGEST_SPLIT_BYTES = 4 * 1024 ** 3;

/**
 * Groups files in manifest order into splits of about `splitBytes`, more where there are very many, and cuts files that
 * can be cut. Splits are contiguous in the manifest, so (time, split, place in the split) orders records as (time, file,
 * ordinal) does.
 */
export class SplitPlanner {
  #splitBytes: number;
  #files: ManifestFile[] = [];
  #bytes = 0;
  #left = SPLITS_OF_A_SIZE;

  constructor(splitBytes: number) {
    this.#splitBytes = splitBytes;
  }

  /** Bytes of the next split, about. */
  bytesFor(_path: string): number {
    return this.#splitBytes;
  }

  /** Takes the next file; yields the splits that are complete. `cuttable`: the format has sync markers. */
  *add(file: ManifestFile, cuttable: boolean): Generator<Split> {
    if (cuttable && file.length > this.#splitBytes * 1.5) {
      yield* this.end();
      const parts = partsOf(file, this.#splitBytes);
      this.#count(Math.ceil(file.length / this.#splitBytes));
      yield* parts;
      return;
    }
    if (this.#files.length > 0 && this.#bytes + file.length > this.#splitBytes) yield* this.end();
    this.#files.push(file);
    this.#bytes += file.length;
    if (this.#files.length >= MAX_FILES_PER_SPLIT) yield* this.end();
  }

  /** The split that is not full yet, if it has files. */
  *end(): Generator<Split> {
    if (this.#files.length > 0) {
      this.#count(1);
      yield { files: this.#files, range: undefined };
    }
    this.#files = [];
    this.#bytes = 0;
  }

  #count(splits: number): void {
    this.#left -= splits;
    if (this.#left > 0 || this.#splitBytes >= LARGEST_SPLIT_BYTES) return;
    this.#left = SPLITS_OF_A_SIZE;
    this.#splitBytes = Math.min(2 * this.#splitBytes, LARGEST_SPLIT_BYTES);
  }
}
