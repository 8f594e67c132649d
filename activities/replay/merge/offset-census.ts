import { z } from 'zod';
import { int64FromBigInt, int64ToBigInt } from '../../../formats/int64.ts';
import type { SortedEntry } from '../../../formats/sorted/file/sorted-entry.ts';
import { FirstBodies } from './first-bodies.ts';
import { OffsetTracker } from './offset-tracker.ts';

/** Gaps of a partition that are named one by one: the first ones. */
export const LISTED_GAPS = 5;
/** The same of repeats that are none, each with two paths. */
const LISTED_CONFLICTS = 3;

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
  /** Repeats that hold other things than the record with their offset, and the first of them: the files of both. */
  conflicts: count.default(0),
  conflicting: z.array(z.object({ offset: int64, file: z.string(), other: z.string() })).default([]),
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

/** What was counted of the entries before some offset. */
export const censusPartShape = censusShape.extend({
  /** Entries that were counted; the offset that all those to come have, or a later one. */
  position: count,
  offset: int64,
});
export type CensusPart = z.infer<typeof censusPartShape>;

/** Counts the offsets of a sequence that is sorted by them. Memory grows with partitions alone. */
export class OffsetCensus {
  readonly #tracker = new OffsetTracker();
  readonly #firsts = new FirstBodies();
  readonly #partitions = new Map<number, Tally>();
  readonly #repeats = new Map<number, number>();

  /** @param before what was counted already */
  constructor(before?: Census) {
    for (const found of before?.partitions ?? []) {
      const tally = new Tally(found);
      this.#partitions.set(found.partition, tally);
      this.#tracker.take(found.partition, tally.hi, tally.lo);
    }
    for (const { partition, repeats } of before?.repeats ?? []) this.#repeats.set(partition, repeats);
  }

  /** Whether an entry has another offset than the one before it. */
  isBehind(entry: SortedEntry): boolean {
    return this.#firsts.isBehind(entry);
  }

  take(entry: SortedEntry): void {
    const { sortedFile, file, timeHi, timeLo, partition: replayed } = entry;
    const partition = sortedFile.files.sourcePartitions[file]!;
    const tally = this.#partitions.get(partition);
    if (!this.#tracker.take(partition, timeHi, timeLo)) {
      const first = this.#firsts.unlike(partition, entry);
      tally!.repeat(first === undefined ? undefined : { file: first, other: sortedFile.files.file(file).path });
      this.#repeats.set(replayed, (this.#repeats.get(replayed) ?? 0) + 1);
      return;
    }
    this.#firsts.take(partition, entry);
    if (tally === undefined) this.#partitions.set(partition, Tally.at(partition, timeHi, timeLo));
    else tally.take(timeHi, timeLo);
  }

  result(fingerprint: string): Census {
    const byPartition = <T>(of: Map<number, T>): [number, T][] => [...of].sort(([a], [b]) => a - b);
    return {
      fingerprint,
      partitions: byPartition(this.#partitions).map(([, tally]) => tally.counted()),
      repeats: byPartition(this.#repeats).map(([partition, repeats]) => ({ partition, repeats })),
    };
  }
}

/** One partition's offsets, ascending. */
class Tally {
  /** The last one. */
  hi: number;
  lo: number;
  /** `last` and `missing` of it are those of the fields. */
  readonly #found: PartitionOffsets;
  #missing: bigint;

  constructor(found: PartitionOffsets) {
    const { hi, lo } = int64FromBigInt(BigInt(found.last));
    this.hi = hi;
    this.lo = lo;
    this.#found = { ...found, listed: [...found.listed], conflicting: [...found.conflicting] };
    this.#missing = BigInt(found.missing);
  }

  static at(partition: number, hi: number, lo: number): Tally {
    const first = int64ToBigInt(hi, lo).toString();
    const none = { repeats: 0, gaps: 0, missing: '0', listed: [], conflicts: 0, conflicting: [] };
    return new Tally({ partition, records: 1, first, last: first, ...none });
  }

  take(hi: number, lo: number): void {
    this.#found.records += 1;
    const follows = lo === 0 ? this.lo === 0xffffffff && hi === this.hi + 1 : hi === this.hi && lo === this.lo + 1;
    if (!follows) this.#gap(int64ToBigInt(this.hi, this.lo) + 1n, int64ToBigInt(hi, lo) - 1n);
    this.hi = hi;
    this.lo = lo;
  }

  /** The last one again: with other content, where two files are given. */
  repeat(conflict: { file: string; other: string } | undefined): void {
    const found = this.#found;
    found.repeats += 1;
    if (conflict === undefined) return;
    found.conflicts += 1;
    if (found.conflicting.length < LISTED_CONFLICTS) found.conflicting.push({ offset: this.#last, ...conflict });
  }

  counted(): PartitionOffsets {
    const { listed, conflicting } = this.#found;
    const copies = { listed: [...listed], conflicting: [...conflicting] };
    return { ...this.#found, ...copies, last: this.#last, missing: this.#missing.toString() };
  }

  get #last(): string {
    return int64ToBigInt(this.hi, this.lo).toString();
  }

  #gap(from: bigint, to: bigint): void {
    const { listed } = this.#found;
    this.#found.gaps += 1;
    this.#missing += to - from + 1n;
    if (listed.length < LISTED_GAPS) listed.push({ from: from.toString(), to: to.toString() });
  }
}
