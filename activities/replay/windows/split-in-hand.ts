import { memoryOfRuns, type SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';

/** A split that is being decoded: what it takes, and is going to take. */
export class SplitInHand {
  /** Bytes of the records that it has given. */
  given = 0;
  /** Bytes of memory that it was lent for its runs, and has not given back. */
  lent = 0;
  readonly #guess: number;

  /** `guess`: bytes that its records will take, about. */
  constructor(guess: number) {
    this.#guess = guess;
  }

  /** Bytes that it will take beyond what it has given. */
  get expected(): number {
    return Math.max(0, this.#guess - this.given);
  }

  /** Takes note of what it gets; gives that. */
  lend(runs: SortedRun[]): SortedRun[] {
    this.lent += memoryOfRuns(runs);
    return runs;
  }

  /** Takes note of a run of records. */
  give(run: SortedRun): void {
    this.given += run.bytes;
    this.giveBack([run]);
  }

  /** Takes note of memory that it has no use for any more. Runs may be in memory that nobody has lent. */
  giveBack(runs: SortedRun[]): void {
    this.lent = Math.max(0, this.lent - memoryOfRuns(runs));
  }
}
