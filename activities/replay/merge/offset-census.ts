import { z } from 'zod';
import { int64ToBigInt } from '../../../formats/int64.ts';
import type { SortedEntry } from '../../../formats/sorted/file/sorted-entry.ts';
import { OffsetTracker } from './offset-tracker.ts';

/** Gaps of a partition that are named one by one: the first ones. */
const LISTED_GAPS = 5;

const int64 = z.string().regex(/^-?\d+$/);
const count = z.int().min(0);

const partitionShape = z.object({
  /** Of the source topic. */
  partition: z.int(),
  /** Records, each once, and entries that repeat one of them. */
  records: count,
  repeats: count,
  first: int64,
  last: int64,
  /** Runs of offsets between first and last that no record has, and how many offsets they are. */
  gaps: count,
  missing: int64,
  /** The first of them; both ends inclusive. */
  listed: z.array(z.object({ from: int64, to: int64 })),
});

export type PartitionOffsets = z.infer<typeof partitionShape>;

/** `offset-census.json` in staging: which offsets the archive has of each partition. */
export const censusShape = z.object({
  fingerprint: z.string(),
  partitions: z.array(partitionShape),
  /** Repeats by partition of the replay topic. */
  repeats: z.array(z.object({ partition: z.int(), repeats: count })),
});

export type Census = z.infer<typeof censusShape>;

/** Counts the offsets of a sequence that is sorted by them. Memory grows with partitions alone. */
export class OffsetCensus {
  readonly #tracker = new OffsetTracker();
  readonly #partitions = new Map<number, Tally>();
  readonly #repeats = new Map<number, number>();

  take({ sortedFile, file, timeHi, timeLo, partition: replayed }: SortedEntry): void {
    const partition = sortedFile.files.sourcePartitions[file]!;
    const tally = this.#partitions.get(partition);
    if (!this.#tracker.take(partition, timeHi, timeLo)) {
      tally!.repeats += 1;
      this.#repeats.set(replayed, (this.#repeats.get(replayed) ?? 0) + 1);
    } else if (tally === undefined) this.#partitions.set(partition, new Tally(timeHi, timeLo));
    else tally.take(timeHi, timeLo);
  }

  result(fingerprint: string): Census {
    const byPartition = <T>(of: Map<number, T>): [number, T][] => [...of].sort(([a], [b]) => a - b);
    return {
      fingerprint,
      partitions: byPartition(this.#partitions).map(([partition, tally]) => tally.of(partition)),
      repeats: byPartition(this.#repeats).map(([partition, repeats]) => ({ partition, repeats })),
    };
  }
}

/** One partition's offsets, ascending. */
class Tally {
  repeats = 0;
  readonly #first: bigint;
  #records = 1;
  #hi: number;
  #lo: number;
  #gaps = 0;
  #missing = 0n;
  readonly #listed: PartitionOffsets['listed'] = [];

  constructor(hi: number, lo: number) {
    this.#first = int64ToBigInt(hi, lo);
    this.#hi = hi;
    this.#lo = lo;
  }

  take(hi: number, lo: number): void {
    this.#records += 1;
    const follows = lo === 0 ? this.#lo === 0xffffffff && hi === this.#hi + 1 : hi === this.#hi && lo === this.#lo + 1;
    if (!follows) this.#gap(int64ToBigInt(this.#hi, this.#lo) + 1n, int64ToBigInt(hi, lo) - 1n);
    this.#hi = hi;
    this.#lo = lo;
  }

  of(partition: number): PartitionOffsets {
    return {
      partition,
      records: this.#records,
      repeats: this.repeats,
      first: this.#first.toString(),
      last: int64ToBigInt(this.#hi, this.#lo).toString(),
      gaps: this.#gaps,
      missing: this.#missing.toString(),
      listed: this.#listed,
    };
  }

  #gap(from: bigint, to: bigint): void {
    this.#gaps += 1;
    this.#missing += to - from + 1n;
    if (this.#listed.length < LISTED_GAPS) this.#listed.push({ from: from.toString(), to: to.toString() });
  }
}
