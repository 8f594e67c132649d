import { OffsetRuns, type PartitionRuns } from '../merge/offset-runs.ts';

/** Runs of one split that are told; what is in more pieces is counted when all sorted files are merged. */
const MOST_RUNS = 8192;

/**
 * Which offsets a split's records have, gathered while they are decoded: for a record that follows the one before it
 * that is a comparison.
 */
export class KeptOffsets {
  readonly #byPartition = new Map<number, OffsetRuns>();
  /** False where they can't be told: too many pieces, an offset twice, or one beyond 2^53. */
  #told = true;
  #runs = 0;
  #partition = -1;
  #from = 0;
  #next = -1;

  take(partition: number, hi: number, lo: number): void {
    const offset = hi * 2 ** 32 + lo;
    if (offset !== this.#next || partition !== this.#partition) this.#begin(partition, offset);
    this.#next = offset + 1;
  }

  /** By partition; undefined where they can't be told. */
  finish(): PartitionRuns[] | undefined {
    this.#begin(-1, -1);
    if (!this.#told) return undefined;
    return [...this.#byPartition].map(([partition, runs]) => ({ partition, runs: [...runs] }));
  }

  #begin(partition: number, offset: number): void {
    if (this.#told && this.#partition >= 0) this.#told = this.#keep();
    this.#partition = partition;
    this.#from = offset;
  }

  #keep(): boolean {
    let runs = this.#byPartition.get(this.#partition);
    if (runs === undefined) this.#byPartition.set(this.#partition, (runs = new OffsetRuns()));
    const before = runs.count;
    if (!Number.isSafeInteger(this.#next) || !runs.add(this.#from, this.#next)) return this.#giveUp();
    this.#runs += runs.count - before;
    return this.#runs <= MOST_RUNS || this.#giveUp();
  }

  #giveUp(): false {
    this.#byPartition.clear();
    return false;
  }
}
