import type { SortKey } from '../../../formats/sorted/file/sort-key.ts';
import type { SortedEntry } from '../../../formats/sorted/file/sorted-entry.ts';
import type { MergeSection } from '../../../formats/sorted/merge/mergeable-section.ts';
import { MergeStream } from '../../../formats/sorted/merge/merge-stream.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { EncodedHeaders } from '../record/record-headers.ts';
import { FileHeaders } from './file-headers.ts';
import type { PublishedSequence } from './replay-sequence.ts';

/** Where windows come from, one after the other. */
export interface SourceOfWindows<Window> {
  /** The next one; undefined behind the last. */
  next(): Promise<Window | undefined>;
  /** Whether `next` would not wait. */
  readonly isReady: boolean;
  /** All up to a record of the window at hand is out. */
  letGo?(key: SortKey): void;
  /** The window at hand is at its end. */
  release(): void;
}

/**
 * A job's one sequence of records out of windows in memory: of each the records are merged, and what is behind it is free
 * again when the last one is taken.
 */
export abstract class MergedWindows<Window> implements PublishedSequence {
  readonly #source: SourceOfWindows<Window>;
  /** The window at hand. */
  protected merge: MergeStream | undefined;
  readonly #headers: FileHeaders;
  #ended = false;

  constructor(source: SourceOfWindows<Window>, which: ReplayJob['output']['headers']) {
    this.#source = source;
    this.#headers = new FileHeaders(which);
  }

  abstract next(): boolean;
  abstract get ordinal(): number;
  abstract get position(): number;
  abstract get repeats(): number;

  get atEnd(): boolean {
    return this.#ended;
  }

  get mayTakeLong(): boolean {
    return this.merge?.needsData !== true && !this.#source.isReady;
  }

  async fill(): Promise<void> {
    if (this.merge?.needsData === true) return this.merge.fill();
    if (this.merge !== undefined) {
      await this.#closeMerge();
      this.#source.release();
    }
    const next = await this.#source.next();
    if (next === undefined) {
      this.#ended = true;
      return;
    }
    const sections = this.begin(next);
    this.merge = new MergeStream(sections, { maxOpen: Math.max(1, sections.length) });
    await this.goBehind(this.merge);
  }

  letGo(key: SortKey): void {
    this.#source.letGo?.(key);
  }

  get record(): SortedEntry {
    return this.merge!.entry;
  }

  get headers(): EncodedHeaders {
    return this.#headers.of(this.merge!.entry);
  }

  /** The window at hand stays with its source. */
  async close(): Promise<void> {
    await this.#closeMerge();
  }

  /** Notes what stands before a window, and gives its records. */
  protected abstract begin(window: Window): MergeSection[];

  /** In the first window: goes behind what is out. */
  protected abstract goBehind(merge: MergeStream): Promise<void>;

  async #closeMerge(): Promise<void> {
    const { merge } = this;
    if (merge === undefined) return;
    this.merge = undefined;
    await merge.close();
  }
}
