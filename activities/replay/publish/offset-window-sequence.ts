import type { SortKey } from '../../../formats/sorted/file/sort-key.ts';
import type { MergeSection } from '../../../formats/sorted/merge/mergeable-section.ts';
import type { MergeStream } from '../../../formats/sorted/merge/merge-stream.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { OffsetTracker } from '../merge/offset-tracker.ts';
import type { OffsetWindowRecords } from '../windows/offset-window-source.ts';
import { MergedWindows, type SourceOfWindows } from './merged-windows.ts';
import { goBehind, isFirst } from './replay-sequence.ts';

/** Where a sequence goes on in the window at hand. */
export interface ReachedKey {
  key: SortKey;
  /** Entries of the whole sequence up to it that were passed over. */
  repeats: number;
}

/** A job's one sequence of records by their own offsets, each once, out of windows of offsets. */
export class OffsetWindowSequence extends MergedWindows<OffsetWindowRecords> {
  /** No offset is in two windows. */
  readonly #tracker = new OffsetTracker();
  /** Where the sequence begins, until the first window is there. */
  #behind: ReachedKey | undefined;
  /** Records, and repeats, before the window at hand. */
  #before = 0;
  #repeatsBefore = 0;
  #repeats = 0;

  /** `behind`: where to begin in the first window; undefined: at its first record. */
  constructor(
    source: SourceOfWindows<OffsetWindowRecords>,
    which: ReplayJob['output']['headers'],
    behind: ReachedKey | undefined,
  ) {
    super(source, which);
    this.#behind = behind;
  }

  next(): boolean {
    const { merge } = this;
    if (merge === undefined) return false;
    while (merge.next()) {
      if (isFirst(this.#tracker, merge.entry)) return true;
      this.#repeats += 1;
    }
    return false;
  }

  get ordinal(): number {
    return this.position - 1;
  }

  /** Entries up to the record at hand that were passed over, since the record is in the archive more than once. */
  get repeats(): number {
    return this.#repeats;
  }

  /** Records of the sequence up to the one at hand. */
  get position(): number {
    return this.#before + (this.merge?.position ?? 0) - (this.#repeats - this.#repeatsBefore);
  }

  protected begin({ sections, published, repeats }: OffsetWindowRecords): MergeSection[] {
    this.#before = published;
    this.#repeatsBefore = this.#repeats = repeats;
    return sections;
  }

  protected async goBehind(merge: MergeStream): Promise<void> {
    if (this.#behind !== undefined) {
      await goBehind(merge, this.#behind.key, this.#tracker);
      this.#repeats = this.#behind.repeats;
    }
    this.#behind = undefined;
  }
}
