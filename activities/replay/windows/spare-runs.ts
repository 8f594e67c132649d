import { memoryBytes, type SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';

/**
 * Runs of windows that are out. Threads get their memory for the runs to come: fresh buffers for every run would keep
 * the garbage collectors of all threads busier than anything else is.
 */
export class SpareRuns {
  /** By the bytes that their bodies may take. */
  readonly #runs = new Map<number, SortedRun[]>();
  /** Of all of them, used or not. */
  #bytes = 0;

  /** Takes runs that nobody uses any more. */
  add(runs: readonly SortedRun[]): void {
    for (const run of runs) {
      const size = run.bodies.byteLength;
      const alike = this.#runs.get(size);
      if (alike === undefined) this.#runs.set(size, [run]);
      else alike.push(run);
      this.#bytes += memoryBytes(run);
    }
  }

  /** Gives runs of one size, of so many bytes together or as many as there are. */
  take(size: number, bytes: number): SortedRun[] {
    return this.#takeFrom(this.#runs.get(size) ?? [], bytes);
  }

  /** Keeps no more than so many bytes. */
  shrink(bytes: number): void {
    for (const [size, runs] of this.#runs) {
      this.#takeFrom(runs, this.#bytes - bytes);
      if (runs.length === 0) this.#runs.delete(size);
    }
  }

  #takeFrom(runs: SortedRun[], bytes: number): SortedRun[] {
    const taken: SortedRun[] = [];
    for (let left = bytes; left > 0 && runs.length > 0;) {
      const run = runs.pop()!;
      const memory = memoryBytes(run);
      left -= memory;
      this.#bytes -= memory;
      taken.push(run);
    }
    return taken;
  }
}
