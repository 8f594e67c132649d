import { keepErrors } from '../decode/keep-errors.ts';
import { judgeOffsets } from '../merge/judge-offsets.ts';
import type { SourceOfWindows } from '../publish/merged-windows.ts';
import type { Staging } from '../staging.ts';
import type { PublishWindowsInput } from '../steps.ts';
import type { MergeSection } from '../../../formats/sorted/merge/mergeable-section.ts';
import type { StepContext } from '../../step/run-step.ts';
import { reaching, sectionsOfSpan, type CarriedSplits, type DecodedSplit } from './carried-splits.ts';
import { censusOfWindow } from './census-of-window.ts';
import { checkWindow } from './check-window.ts';
import { countDecoded } from './count-decoded.ts';
import { compareTotals, putTotals } from './kept-totals.ts';
import type { OffsetProgress, OffsetTotals } from './offset-totals.ts';
import type { Window } from './window-planner.ts';
import { withWindow, type WindowTotals } from './window-totals.ts';
import type { WindowsAhead } from './windows-ahead.ts';

/** Records of one window of offsets, and how many of the sequence, and repeats of them, stand before. */
export interface OffsetWindowRecords {
  sections: MergeSection[];
  published: number;
  repeats: number;
}

/**
 * Hands on window after window of offsets, each when it was looked at and its counts are in staging: of what is decoded
 * the records up to where the next window begins. The others are carried over.
 */
export class CheckedOffsetWindows implements SourceOfWindows<OffsetWindowRecords> {
  /** Up to the window at hand. */
  totals: OffsetTotals;
  /** What is worth a look of all that was decoded; known at the last window. */
  remarks: string[] = [];
  readonly #input: PublishWindowsInput & { windows: readonly Window[] };
  readonly #ahead: WindowsAhead;
  readonly #carried: CarriedSplits;
  readonly #staging: Staging;
  readonly #context: Pick<StepContext, 'signal' | 'metrics'>;
  /** All that is decoded up to the window at hand, and not behind it. */
  #splits: DecodedSplit[] = [];

  /** `before`: totals of the windows that are out, behind which `ahead` goes on. */
  constructor(
    input: PublishWindowsInput & { windows: readonly Window[] },
    ahead: WindowsAhead,
    carried: CarriedSplits,
    before: OffsetTotals,
    staging: Staging,
    context: Pick<StepContext, 'signal' | 'metrics'>,
  ) {
    this.#input = input;
    this.#ahead = ahead;
    this.#carried = carried;
    this.#staging = staging;
    this.#context = context;
    this.totals = before;
  }

  get isReady(): boolean {
    const next = this.totals.window + 1;
    return next >= this.#input.windows.length || this.#ahead.isDecoded(next);
  }

  /** The next window; undefined behind the last. */
  async next(): Promise<OffsetWindowRecords | undefined> {
    const { windows } = this.#input;
    const number = this.totals.window + 1;
    if (number >= windows.length) return undefined;
    const { signal } = this.#context;
    const records = await this.#ahead.take(signal);
    const { window } = records;
    if (window.number !== number) throw new RangeError(`window ${window.number} in the place of ${number}`);
    this.#splits = this.#carried.with(records);
    const isLast = number + 1 === windows.length;
    const decoded = withWindow(this.totals, records);
    // Windows of offsets tell nothing of times.
    const { firstTime: _first, lastTime: _last, offsets: before, ...counted } = decoded as OffsetTotals;
    // What the checks may end the job for is written down by then.
    for (const [index, { errors }] of records.splits.entries())
      await keepErrors(this.#staging, window.splits?.[index] ?? index, errors, signal);
    const looked = checkWindow(this.#input, counted, { isLast });
    const offsets = await this.#progress(before, window);
    this.remarks = [...looked, ...judgeOffsets(this.#input.job, offsets.census)];
    const { isNew, totals } = await putTotals(this.#staging, { ...counted, offsets }, signal);
    if (isNew) countDecoded(this.#context.metrics, records);
    if (isLast) await this.#keepCensus(offsets);
    this.totals = totals;
    const sections = sectionsOfSpan(this.#splits, window);
    return { sections, published: before.published, repeats: before.repeats };
  }

  /** The window at hand is at its end: what it leaves is carried on. */
  release(): void {
    const next = this.#input.windows[this.totals.window + 1];
    const out = this.#carried.carry(this.#splits, next?.from ?? Infinity);
    this.#splits = [];
    this.#ahead.release(out);
  }

  async #progress(before: OffsetProgress, window: Window): Promise<OffsetProgress> {
    const census = await censusOfWindow(before.census, this.#splits, window, this.#context.signal);
    const held = reaching(this.#splits, window.to).map(({ window: of }) => of);
    return {
      published: census.partitions.reduce((sum, { records }) => sum + records, 0),
      repeats: census.repeats.reduce((sum, { repeats }) => sum + repeats, 0),
      heldFrom: Math.min(window.number + 1, ...held),
      census,
    };
  }

  /** Where the last check looks for what was left out. */
  async #keepCensus({ census }: OffsetProgress): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(census));
    await this.#staging.putSmall(this.#staging.census, bytes, this.#context.signal);
  }
}

/**
 * Decodes windows that are behind once more, for what they have of the one that comes next; they must give what they gave
 * before. `before`: totals of those before them.
 */
export async function carryUpTo(
  window: Window,
  ahead: WindowsAhead,
  carried: CarriedSplits,
  { before, staging, signal }: { before: WindowTotals; staging: Staging; signal: AbortSignal },
): Promise<void> {
  let totals = before;
  while (ahead.first < window.number) {
    const records = await ahead.take(signal);
    totals = await compareTotals(staging, withWindow(totals, records), signal);
    ahead.release(carried.carry(carried.with(records), window.from));
  }
}
