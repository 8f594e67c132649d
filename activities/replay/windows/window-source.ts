import type { SortKey } from '../../../formats/sorted/file/sort-key.ts';
import { keepErrors } from '../decode/keep-errors.ts';
import type { SourceOfWindows } from '../publish/merged-windows.ts';
import type { WindowInSequence } from '../publish/window-sequence.ts';
import type { Staging } from '../staging.ts';
import type { PublishWindowsInput } from '../steps.ts';
import type { StepContext } from '../../step/run-step.ts';
import { checkWindow } from './check-window.ts';
import { countDecoded } from './count-decoded.ts';
import { putTotals } from './kept-totals.ts';
import { withWindow, type WindowTotals } from './window-totals.ts';
import type { WindowsAhead } from './windows-ahead.ts';

/** Hands on window after window, each when it was looked at and its counts are in staging. */
export class CheckedWindows implements SourceOfWindows<WindowInSequence> {
  /** Up to the window at hand. */
  totals: WindowTotals;
  /** What is worth a look of all that was decoded; known at the last window. */
  remarks: string[] = [];
  readonly #input: PublishWindowsInput & { windows: number; until: number };
  readonly #ahead: WindowsAhead;
  readonly #staging: Staging;
  readonly #context: Pick<StepContext, 'signal' | 'metrics'>;

  /**
   * @param input `windows`: how many there are; `until`: the first that is not handed on
   * @param before totals of the windows that are out
   */
  constructor(
    input: PublishWindowsInput & { windows: number; until: number },
    ahead: WindowsAhead,
    before: WindowTotals,
    staging: Staging,
    context: Pick<StepContext, 'signal' | 'metrics'>,
  ) {
    this.#input = input;
    this.#ahead = ahead;
    this.#staging = staging;
    this.#context = context;
    this.totals = before;
  }

  get isReady(): boolean {
    const next = this.totals.window + 1;
    return next >= this.#input.until || this.#ahead.isDecoded(next);
  }

  async next(): Promise<WindowInSequence | undefined> {
    const { windows, until } = this.#input;
    if (this.totals.window + 1 >= until) return undefined;
    const { signal } = this.#context;
    const records = await this.#ahead.take(signal);
    const decoded = withWindow(this.totals, records);
    // What the check may end the job for is written down by then.
    for (const [index, { errors }] of records.splits.entries())
      await keepErrors(this.#staging, records.window.firstSplit + index, errors, signal);
    this.remarks = checkWindow(this.#input, decoded, { isLast: decoded.window + 1 === windows });
    const { isNew, totals } = await putTotals(this.#staging, decoded, signal);
    if (isNew) countDecoded(this.#context.metrics, records);
    const before = this.totals.kept + records.out;
    this.totals = totals;
    return { records, before };
  }

  letGo(key: SortKey): void {
    this.#ahead.letGo(key);
  }

  release(): void {
    this.#ahead.release();
  }
}
