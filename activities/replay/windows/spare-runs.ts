import { memoryBytes, type SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';

/**
 * Runs of windows that are out. Threads get their memory for the runs to come: fresh buffers for every run would keep
 * the garbage collectors of all threads busier than anything else is.
 */
export class SpareRuns {
  readonly #runs: SortedRun[] = [];
  /** Of all of them, used or not. */
  bytes = 0;

  /** Takes runs that nobody uses any more. */
  add(runs: readonly SortedRun[]): void {
    for (const run of runs) {
      this.#runs.push(run);
      this.bytes += memoryBytes(run);
    }
  }

  /** Gives runs of so many bytes together, or all there are, and of one more that is begun. */
  take(bytes: number): SortedRun[] {
    const taken: SortedRun[] = [];
    for (let left = bytes; left > 0 && this.#runs.length > 0;) {
      const run = this.#runs.pop()!;
      left -= memoryBytes(run);
      taken.push(run);
    }
    this.bytes -= taken.reduce((sum, run) => sum + memoryBytes(run), 0);
    return taken;
  }

  /** Keeps no more than so many bytes. */
  shrink(bytes: number): void {
    this.take(this.bytes - bytes);
  }
}
