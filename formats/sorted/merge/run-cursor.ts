import { compareSortKeys, roundedTime, type SortKey } from '../file/sort-key.ts';
import type { EntryOrigin } from '../file/sorted-entry.ts';
import type { SectionSummary } from '../file/sorted-section.ts';
import { keyAt, summaryOf, type SortedRun } from '../sort/sorted-run.ts';
import type { MergeCursor } from './merge-cursor.ts';

/** Places in the order of a run, `to` exclusive. */
export interface RunPlaces {
  from: number;
  to: number;
}

/** Walks over a run in memory, or a part of it: all of it is there, so it never waits. */
export class RunCursor implements MergeCursor {
  timeHi = 0;
  timeLo = 0;
  time = 0;
  readonly split: number;
  sequence = 0;
  file = 0;
  partition = 0;
  readonly bytes: Uint8Array;
  bodyStart = 0;
  bodyEnd = 0;
  ended = false;
  readonly sortedFile: EntryOrigin;
  readonly section: Pick<SectionSummary, 'first' | 'last' | 'records'>;
  readonly #run: SortedRun;
  readonly #places: RunPlaces;
  /** Place in the order of the next entry. */
  #next: number;

  /** `origin`: the input files that the run's entries name. `places`: the part that is walked over; by default all. */
  constructor(run: SortedRun, origin: EntryOrigin, places: RunPlaces = { from: 0, to: run.count }) {
    const section = summaryOf(run, places);
    if (section === undefined) throw new RangeError('a run without entries has nothing to walk over');
    this.#run = run;
    this.#places = places;
    this.#next = places.from;
    this.split = run.split;
    this.bytes = run.bodies;
    this.sortedFile = origin;
    this.section = section;
  }

  get bufferedBytes(): number {
    return this.ended ? 0 : this.#run.bytes;
  }

  advance(): boolean {
    const run = this.#run;
    if (this.ended || this.#next >= this.#places.to) {
      this.ended = true;
      return false;
    }
    const index = run.order[this.#next]!;
    this.#next += 1;
    this.timeHi = run.timeHi[index]!;
    this.timeLo = run.timeLo[index]!;
    this.time = roundedTime(this.timeHi, this.timeLo);
    this.sequence = run.sequence[index]!;
    this.file = run.file[index]!;
    this.partition = run.partition[index]!;
    this.bodyStart = index === 0 ? 0 : run.ends[index - 1]!;
    this.bodyEnd = run.ends[index]!;
    return true;
  }

  async fill(): Promise<void> {
    throw new RangeError('a run in memory has nothing to wait for');
  }

  async seekAfter(key: SortKey): Promise<number> {
    let { from: low, to: high } = this.#places;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareSortKeys(keyAt(this.#run, middle), key) <= 0) low = middle + 1;
      else high = middle;
    }
    this.#next = low;
    return low - this.#places.from;
  }

  close(): void {
    this.ended = true;
  }
}
