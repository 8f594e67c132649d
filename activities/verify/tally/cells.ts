import { hash } from 'node:crypto';
import type { SeenRecord } from '../content/seen-record.ts';
import {
  addRecord,
  append,
  emptyTally,
  lineOf,
  tallyOf,
  type Cell,
  type CellLine,
  type CellTally,
} from './cell-tally.ts';

export interface CellOptions {
  bucketMs: number;
  /** Whether records are told apart by partition, and by time. */
  partitioned: boolean;
  bucketed: boolean;
  /** One in so many cells is compared by content. */
  sample: number;
}

/** More are put together in buckets of twice the length: memory stays bounded, and what is compared is still all of it. */
const MOST_CELLS = 200_000;
/** The same while records of a part are counted. */
const MOST_OF_A_PART = 50_000;
/** No time is of a longer one. */
const LONGEST_MS = 2 ** 54;

/** Tallies by partition and bucket. */
export class Cells {
  bucketMs: number;
  readonly #options: CellOptions;
  readonly #cells = new Map<string, { cell: Cell; tally: CellTally; hashed: boolean }>();
  #last: { cell: Cell; tally: CellTally; hashed: boolean } | undefined;
  /** Of the bucket of the first length, whatever has been put together since: the other side may not have. */
  #sampled: { key: string; hashed: boolean } = { key: '', hashed: false };

  constructor(options: CellOptions) {
    this.#options = options;
    this.bucketMs = options.bucketMs;
  }

  get size(): number {
    return this.#cells.size;
  }

  cellOf({ partition, time }: Pick<SeenRecord, 'partition' | 'time'>, bucketMs = this.bucketMs): Cell {
    const { partitioned, bucketed } = this.#options;
    const bucket = bucketed && !Number.isNaN(time) ? Math.floor(time / bucketMs) * bucketMs : Number.NaN;
    return { partition: partitioned ? partition : 0, bucket };
  }

  add(record: SeenRecord): void {
    const entry = this.#entry(this.cellOf(record));
    const coarse = this.bucketMs !== this.#options.bucketMs;
    const hashed = coarse ? this.#isSampled(record) : entry.hashed;
    addRecord(entry.tally, hashed ? record.hash() : 0n, record.offset);
    if (this.#cells.size > MOST_OF_A_PART && this.bucketMs < LONGEST_MS) this.coarsen(this.bucketMs * 2);
  }

  /** Adds tallies that come behind those that are there, in buckets of a length that is this one's, doubled or halved. */
  append(lines: Iterable<CellLine>, bucketMs = this.bucketMs): void {
    if (bucketMs > this.bucketMs) this.coarsen(bucketMs);
    for (const line of lines) {
      const { cell, tally } = tallyOf(line);
      append(this.#entry(this.#inBucket(cell)).tally, tally);
    }
    while (this.#cells.size > MOST_CELLS && this.bucketMs < LONGEST_MS) this.coarsen(this.bucketMs * 2);
  }

  /** Puts cells together in longer buckets; `bucketMs` is a multiple of the present length. */
  coarsen(bucketMs: number): void {
    const before = [...this.#cells.values()].sort((a, b) => a.cell.bucket - b.cell.bucket);
    this.#cells.clear();
    this.#last = undefined;
    this.bucketMs = bucketMs;
    for (const { cell, tally } of before) append(this.#entry(this.#inBucket(cell)).tally, tally);
  }

  get({ partition, bucket }: Cell): CellTally | undefined {
    return this.#cells.get(`${partition} ${bucket}`)?.tally;
  }

  *entries(): Generator<{ cell: Cell; tally: CellTally }> {
    yield* this.#cells.values();
  }

  lines(): CellLine[] {
    return [...this.#cells.values()].map(({ cell, tally }) => lineOf(cell, tally));
  }

  #isSampled(record: SeenRecord): boolean {
    const { sample, bucketMs } = this.#options;
    if (sample === 1) return true;
    const { partition, bucket } = this.cellOf(record, bucketMs);
    const key = `${partition} ${bucket}`;
    if (this.#sampled.key !== key) this.#sampled = { key, hashed: isSampled(key, sample) };
    return this.#sampled.hashed;
  }

  #inBucket({ partition, bucket }: Cell): Cell {
    return { partition, bucket: Number.isNaN(bucket) ? bucket : Math.floor(bucket / this.bucketMs) * this.bucketMs };
  }

  #entry(cell: Cell): { cell: Cell; tally: CellTally; hashed: boolean } {
    const last = this.#last;
    // Neighbours are of one cell as a rule: a key for each record would cost more than the rest.
    if (last !== undefined && last.cell.partition === cell.partition && Object.is(last.cell.bucket, cell.bucket))
      return last;
    const key = `${cell.partition} ${cell.bucket}`;
    let entry = this.#cells.get(key);
    if (entry === undefined)
      this.#cells.set(key, (entry = { cell, tally: emptyTally(), hashed: isSampled(key, this.#options.sample) }));
    this.#last = entry;
    return entry;
  }
}

/** The same cells on both sides, and in every attempt. */
function isSampled(key: string, sample: number): boolean {
  return sample === 1 || Number.parseInt(hash('sha256', key, 'hex').slice(0, 12), 16) % sample === 0;
}
