import type { ToldRun } from '../../../layouts/pinned-offsets.ts';
import { badIn } from '../../log/left-reasons.ts';
import type { RunOfPartition } from './run-records.ts';

/** Runs and gaps that are named one by one; a number stands for the others. */
const NAMED = 10;

/** What executions themselves say is in no file, and why: holes that are none of lost files. */
export class ToldHoles {
  /** Runs with bad records that were passed, the first few. */
  readonly bad: (RunOfPartition & { passed: number })[] = [];
  readonly #gaps: { run: RunOfPartition; from: string; to: string; why: string }[] = [];
  readonly #left = new Map<string, number>();
  #more = { bad: 0, gaps: 0 };

  take(run: RunOfPartition, { left = {}, missing = [] }: ToldRun): void {
    for (const [reason, records] of Object.entries(left))
      this.#left.set(reason, (this.#left.get(reason) ?? 0) + records);
    const passed = badIn(left);
    if (passed > 0 && this.bad.length < NAMED) this.bad.push({ ...run, passed });
    else if (passed > 0) this.#more.bad += 1;
    for (const gap of missing)
      if (this.#gaps.length < NAMED) this.#gaps.push({ run, ...gap });
      else this.#more.gaps += 1;
  }

  /**
   * @param offsets - the offsets of a run, or of a part of it, and its execution in words
   * @param givenUp - what files of the execution say of records that it gave up
   */
  remarks(offsets: (run: RunOfPartition) => string, givenUp: (run: RunOfPartition) => string | undefined): string[] {
    const { bad, gaps } = this.#more;
    return [
      ...this.#gaps.map(({ run, from, to, why }) => {
        const gap = { ...run, from: BigInt(from), to: BigInt(to) };
        return `partition ${run.partition}: ${offsets(gap)}: ${why}`;
      }),
      ...(gaps > 0 ? [`${gaps} more gaps that executions tell of themselves`] : []),
      ...this.bad.map((run) => {
        const named = givenUp(run);
        return `partition ${run.partition}: of the ${offsets(run)} ${run.passed} bad records were passed${named === undefined ? '' : `; ${named}`}`;
      }),
      ...(bad > 0 ? [`bad records were passed in ${bad} more runs of partitions`] : []),
      ...(this.#left.size > 0 ? [`records left out by executions, as they say themselves: ${this.#reasons()}`] : []),
    ];
  }

  #reasons(): string {
    return [...this.#left]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([reason, records]) => `${records} ${reason}`)
      .join(', ');
  }
}
