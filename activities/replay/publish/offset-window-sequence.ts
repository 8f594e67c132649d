import type { SortKey } from '../../../formats/sorted/file/sort-key.ts';
import type { SortedEntry } from '../../../formats/sorted/file/sorted-entry.ts';
import { MergeStream } from '../../../formats/sorted/merge/merge-stream.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { OffsetTracker } from '../merge/offset-tracker.ts';
import type { EncodedHeaders } from '../record/record-headers.ts';
import type { CheckedOffsetWindows } from '../windows/offset-window-source.ts';
import { FileHeaders } from './file-headers.ts';
import { goBehind, isFirst, type PublishedSequence } from './replay-sequence.ts';

/** Where a sequence goes on in the window at hand. */
export interface ReachedKey {
  key: SortKey;
  /** Entries of the whole sequence up to it that were passed over. */
  repeats: number;
}

/**
 * A job's one sequence of records by their own offsets, each once, out of windows in memory: of each its records are
 * merged, and what is behind it is free again when the last one is taken.
 */
export class OffsetWindowSequence implements PublishedSequence {
  readonly #source: CheckedOffsetWindows;
  readonly #headers: FileHeaders;
  /** No offset is in two windows. */
  readonly #tracker = new OffsetTracker();
  /** Where the sequence begins, until the first window is there. */
  #behind: ReachedKey | undefined;
  #merge: MergeStream | undefined;
  /** Records, and repeats, before the window at hand. */
  #before = 0;
  #repeatsBefore = 0;
  #repeats = 0;
  #ended = false;

  /** `behind`: where to begin in the first window; undefined: at its first record. */
  constructor(source: CheckedOffsetWindows, which: ReplayJob['output']['headers'], behind: ReachedKey | undefined) {
    this.#source = source;
    this.#headers = new FileHeaders(which);
    this.#behind = behind;
  }

  next(): boolean {
    const merge = this.#merge;
    if (merge === undefined) return false;
    while (merge.next()) {
      if (isFirst(this.#tracker, merge.entry)) return true;
      this.#repeats += 1;
    }
    return false;
  }

  get atEnd(): boolean {
    return this.#ended;
  }

  get mayTakeLong(): boolean {
    return this.#merge?.needsData !== true && !this.#source.isReady;
  }

  async fill(): Promise<void> {
    if (this.#merge?.needsData === true) return this.#merge.fill();
    if (this.#merge !== undefined) {
      await this.#closeMerge();
      this.#source.release();
    }
    const next = await this.#source.next();
    if (next === undefined) {
      this.#ended = true;
      return;
    }
    const { sections, published, repeats } = next;
    this.#before = published;
    this.#repeatsBefore = this.#repeats = repeats;
    this.#merge = new MergeStream(sections, { maxOpen: Math.max(1, sections.length) });
    if (this.#behind !== undefined) {
      await goBehind(this.#merge, this.#behind.key, this.#tracker);
      this.#repeats = this.#behind.repeats;
    }
    this.#behind = undefined;
  }

  get record(): SortedEntry {
    return this.#merge!.entry;
  }

  get ordinal(): number {
    return this.position - 1;
  }

  get headers(): EncodedHeaders {
    return this.#headers.of(this.#merge!.entry);
  }

  /** Entries up to the record at hand that were passed over, since the record is in the archive more than once. */
  get repeats(): number {
    return this.#repeats;
  }

  /** Records of the sequence up to the one at hand. */
  get position(): number {
    return this.#before + (this.#merge?.position ?? 0) - (this.#repeats - this.#repeatsBefore);
  }

  /** The window at hand stays with its source. */
  async close(): Promise<void> {
    await this.#closeMerge();
  }

  async #closeMerge(): Promise<void> {
    const merge = this.#merge;
    if (merge === undefined) return;
    this.#merge = undefined;
    await merge.close();
  }
}
