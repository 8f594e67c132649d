import type { ManifestFile, Split } from '../manifest/manifest.ts';
import type { SplitSize } from '../manifest/join-splits.ts';
import { splitBytes } from '../manifest/split-bytes.ts';
import { ToldSplits } from './told-splits.ts';

/** Splits are so much smaller than others: a window has one of each partition at least, and the first record comes soon. */
const SMALLER = 16;
const SMALLEST = 2 * 1024 * 1024;
/** First records that are looked for: of each file, or of each part of one that is cut. It takes some milliseconds each. */
const MOST_LOOKS = 30_000;

/** A file, or a part of one that is cut, of which the first record is to be found. */
export interface OffsetLook {
  /** Number of the split. */
  split: number;
  file: ManifestFile;
  range: Split['range'];
}

/**
 * Splits of an archive whose records are sorted by their own offsets, and what is to be looked at for its windows. Names
 * tell where a file's offsets end, and not where they begin: one that holds `count` records may have begun long before
 * (next - count), since files of other hours, compaction and markers of transactions take offsets as well. A writer puts
 * the records of a partition into a file in their order, so the first one tells.
 */
export class OffsetSplits extends ToldSplits {
  /** Undefined where there are too many. */
  looks: OffsetLook[] | undefined = [];
  readonly sizes: SplitSize[] = [];

  constructor(bytes: number) {
    super(offsetSplitBytes(bytes));
  }

  protected note(split: Split): void {
    const { files, range } = split;
    const number = this.sizes.length;
    this.sizes.push({ bytes: splitBytes(split), files: files.length });
    if (this.looks !== undefined && this.looks.length + files.length > MOST_LOOKS) this.looks = undefined;
    for (const file of files) this.looks?.push({ split: number, file, range });
  }
}

/** Bytes of a split of a job that may have windows of offsets. */
export function offsetSplitBytes(bytes: number): number {
  return Math.min(bytes, Math.max(SMALLEST, Math.ceil(bytes / SMALLER)));
}
