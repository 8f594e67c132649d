import type { SortKey } from './sort-key.ts';
import type { SortedFile } from './open-sorted-file.ts';

/** The entry at hand of a cursor or a merge: a view that is written to again, except for the bytes of the body. */
export interface SortedEntry extends Readonly<SortKey> {
  /** Number of the input file in `sortedFile.files`. */
  readonly file: number;
  /** Partition of the replay topic. */
  readonly partition: number;
  /** The body is `bytes[bodyStart..bodyEnd)`. These bytes never change, but keeping them keeps a whole range. */
  readonly bytes: Uint8Array;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** The sorted file that the entry stands in. */
  readonly sortedFile: SortedFile;
}
