import type { SortKey } from './sort-key.ts';
import type { SourceFile } from './sorted-section.ts';

/** The entry at hand of a cursor or a merge: a view that is written to again. */
export interface SortedEntry extends Readonly<SortKey> {
  /** Number of the input file in `sortedFile.files`. */
  readonly file: number;
  /** Partition of the replay topic. */
  readonly partition: number;
  /** The body is `bytes[bodyStart..bodyEnd)`, until the cursor goes on: copy what is to stay, for its memory is used again. */
  readonly bytes: Uint8Array;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** The sorted file, or what stands in memory in its place, that the entry stands in. */
  readonly sortedFile: EntryOrigin;
}

/** What a sorted file, or records in memory, tell of the input files of their entries. */
export interface EntryOrigin {
  readonly files: {
    readonly length: number;
    file(number: number): SourceFile;
    /** Partition of the source topic of each file, by its number; -1 where it tells none. */
    readonly sourcePartitions: ArrayLike<number>;
  };
}
