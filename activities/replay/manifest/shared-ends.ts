import type { FileFacts } from '../../../layouts/archive-layout.ts';
import { parentPath } from '../../../connections/hdfs/hdfs-path.ts';

/** Ends that are remembered: some 20 MB. An archive of more files is compared as far as they go. */
const REMEMBERED = 100_000;

/**
 * Finds files of different folders that begin or end with the same record: a copy, or one of a task that went on though
 * it no longer had the partition. Ranges of other folders may hold one another's offsets, but a record is in one file. Of
 * a topic that was made anew each life has them: nothing in a name tells which.
 */
export class SharedEnds {
  readonly #paths = new Map<string, string>();
  readonly #most: number;

  constructor(most = REMEMBERED) {
    this.#most = most;
  }

  /** The file that has the first or last record of this one, and which that is; undefined where none is known. */
  add(
    partition: string,
    path: string,
    { firstOffset, nextOffset }: Pick<FileFacts, 'firstOffset' | 'nextOffset'>,
  ): { path: string; offset: bigint } | undefined {
    if (firstOffset === undefined || nextOffset === undefined) return undefined;
    let shared: { path: string; offset: bigint } | undefined;
    for (const offset of new Set([firstOffset, nextOffset - 1n])) {
      const end = `${partition} ${offset}`;
      const known = this.#paths.get(end);
      // Those of one folder are compared by all of their offsets.
      if (known !== undefined && parentPath(known) !== parentPath(path)) shared ??= { path: known, offset };
      if (known === undefined && this.#paths.size < this.#most) this.#paths.set(end, path);
    }
    return shared;
  }
}
