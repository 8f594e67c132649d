import type { SortKey } from '../../../formats/sorted/file/sort-key.ts';
import type { MergeSection } from '../../../formats/sorted/merge/mergeable-section.ts';
import type { MergeStream } from '../../../formats/sorted/merge/merge-stream.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { sectionsOfWindow, type DecodedWindowRecords } from '../windows/decoded-window.ts';
import { MergedWindows, type SourceOfWindows } from './merged-windows.ts';

/** A window, and how many records of the sequence stand before what is in memory of it. */
export interface WindowInSequence {
  records: DecodedWindowRecords;
  before: number;
}

/** A job's one sequence of records out of windows of time. */
export class WindowSequence extends MergedWindows<WindowInSequence> {
  /** Key that the sequence begins behind, until the first window is there. */
  #behind: SortKey | undefined;
  /** Records before those of the window at hand that are in memory. */
  #before = 0;
  readonly repeats = 0;

  /** `behind`: where to begin in the first window; undefined: at its first record. */
  constructor(
    source: SourceOfWindows<WindowInSequence>,
    which: ReplayJob['output']['headers'],
    behind: SortKey | undefined,
  ) {
    super(source, which);
    this.#behind = behind;
  }

  next(): boolean {
    return this.merge?.next() === true;
  }

  get ordinal(): number {
    return this.position - 1;
  }

  /** Records of the sequence up to the one at hand. */
  get position(): number {
    return this.#before + (this.merge?.position ?? 0);
  }

  protected begin({ records, before }: WindowInSequence): MergeSection[] {
    this.#before = before;
    return sectionsOfWindow(records);
  }

  protected async goBehind(merge: MergeStream): Promise<void> {
    if (this.#behind !== undefined) await merge.seekAfter(this.#behind);
    this.#behind = undefined;
  }
}
