import type { ManifestFile } from '../../replay/manifest/manifest.ts';
import type { SeenRecord } from '../content/seen-record.ts';
import type { ArchiveTally } from './tally-files.ts';

const MOST_LISTED = 20;

/** Looks whether the offsets of each partition rise in a file, where records tell theirs. */
export class OffsetOrder {
  readonly found: ArchiveTally['disorder'] = [];
  readonly #files: readonly ManifestFile[];
  #file = -1;
  readonly #last = new Map<number, bigint>();

  constructor(files: readonly ManifestFile[]) {
    this.#files = files;
  }

  look({ file, partition, offset, ordinal }: SeenRecord): void {
    if (offset === undefined) return;
    if (file !== this.#file) {
      this.#file = file;
      this.#last.clear();
    }
    const last = this.#last.get(partition);
    if (last !== undefined && offset < last && this.found.length < MOST_LISTED)
      this.found.push({
        file: this.#files[file]!.path,
        ordinal,
        message: `record ${ordinal} has offset ${offset} of partition ${partition}, behind one with offset ${last}`,
      });
    this.#last.set(partition, offset);
  }
}
