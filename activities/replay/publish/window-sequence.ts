import { MergeStream } from '../../../formats/sorted/merge/merge-stream.ts';
import type { SortedEntry } from '../../../formats/sorted/file/sorted-entry.ts';
import type { SortKey } from '../../../formats/sorted/file/sort-key.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { EncodedHeaders } from '../record/record-headers.ts';
import { sectionsOfWindow, type DecodedWindowRecords } from '../windows/decoded-window.ts';
import { FileHeaders } from './file-headers.ts';
import type { PublishedSequence } from './replay-sequence.ts';

/** Where the windows of a sequence come from, one after the other. */
export interface WindowSource {
  /** The next one, and how many records of the sequence stand before it; undefined behind the last. */
  next(): Promise<{ records: DecodedWindowRecords; before: number } | undefined>;
  /** Whether `next` would not wait. */
  readonly isReady: boolean;
  /** The window at hand is at its end. */
  release(): void;
  close(): Promise<void>;
}

/**
 * A job's one sequence of records out of windows in memory: of each the records are merged, and its memory is free again
 * when the last one is taken.
 */
export class WindowSequence implements PublishedSequence {
  readonly #source: WindowSource;
  readonly #headers: FileHeaders;
  /** Key that the sequence begins behind, until the first window is there. */
  #behind: SortKey | undefined;
  #merge: MergeStream | undefined;
  /** Records before the window at hand. */
  #before = 0;
  #ended = false;
  readonly repeats = 0;

  /** `behind`: where to begin in the first window; undefined: at its first record. */
  constructor(source: WindowSource, which: ReplayJob['output']['headers'], behind: SortKey | undefined) {
    this.#source = source;
    this.#headers = new FileHeaders(which);
    this.#behind = behind;
  }

  next(): boolean {
    return this.#merge?.next() === true;
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
    const sections = sectionsOfWindow(next.records);
    this.#before = next.before;
    this.#merge = new MergeStream(sections, { maxOpen: Math.max(1, sections.length) });
    if (this.#behind !== undefined) await this.#merge.seekAfter(this.#behind);
    this.#behind = undefined;
  }

  get record(): SortedEntry {
    return this.#merge!.entry;
  }

  get ordinal(): number {
    return this.#before + this.#merge!.position - 1;
  }

  get headers(): EncodedHeaders {
    return this.#headers.of(this.#merge!.entry);
  }

  /** Records of the sequence up to the one at hand. */
  get position(): number {
    return this.#before + (this.#merge?.position ?? 0);
  }

  /** The window at hand stays with its source. */
  async close(): Promise<void> {
    await this.#closeMerge();
    await this.#source.close();
  }

  async #closeMerge(): Promise<void> {
    const merge = this.#merge;
    if (merge === undefined) return;
    this.#merge = undefined;
    await merge.close();
  }
}
