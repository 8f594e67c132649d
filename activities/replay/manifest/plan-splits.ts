import type { ManifestFile, Split } from './manifest.ts';

/** Files in one split at most: every file costs a few round trips, and a retry does all of a split again. */
const MAX_FILES_PER_SPLIT = 1_000;

/**
 * Groups files in manifest order into splits of about `splitBytes`, and cuts files that can be cut. Splits are
 * contiguous in the manifest, so (time, split, place in the split) orders records as (time, file, ordinal) does.
 */
export class SplitPlanner {
  readonly #splitBytes: number;
  #files: ManifestFile[] = [];
  #bytes = 0;

  constructor(splitBytes: number) {
    this.#splitBytes = splitBytes;
  }

  /** Takes the next file; yields the splits that are complete. `cuttable`: the format has sync markers. */
  *add(file: ManifestFile, cuttable: boolean): Generator<Split> {
    if (cuttable && file.length > this.#splitBytes * 1.5) {
      yield* this.end();
      const parts = Math.ceil(file.length / this.#splitBytes);
      for (let part = 0; part < parts; part += 1)
        yield {
          files: [file],
          range: {
            start: Math.floor((file.length * part) / parts),
            end: Math.floor((file.length * (part + 1)) / parts),
          },
        };
      return;
    }
    if (this.#files.length > 0 && this.#bytes + file.length > this.#splitBytes) yield* this.end();
    this.#files.push(file);
    this.#bytes += file.length;
    if (this.#files.length >= MAX_FILES_PER_SPLIT) yield* this.end();
  }

  /** The split that is not full yet, if it has files. */
  *end(): Generator<Split> {
    if (this.#files.length > 0) yield { files: this.#files, range: undefined };
    this.#files = [];
    this.#bytes = 0;
  }
}
