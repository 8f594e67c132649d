import type { FileFacts } from '../../../layouts/archive-layout.ts';

/** What names say that one run archived of one partition, beside the offsets that it passed. */
export interface RunOfPartition {
  partition: string;
  /** Which of the partition's boundaries ends it; 0: everything before the oldest execution that is known. */
  run: number;
  /** Offsets of the run, `to` exclusive. */
  from: bigint;
  to: bigint;
  files: number;
  records: bigint;
  /** False where names of some of its files don't count records as offsets do: these are not in `records`. */
  counted: boolean;
}

type Tally = Pick<RunOfPartition, 'files' | 'records' | 'counted'>;

/** Adds up files by partition and run: what ends between two offsets was archived by the run that went from one to the other. */
export class RunRecords {
  /** Offsets after each known execution, ascending, by partition. */
  readonly #boundaries: ReadonlyMap<string, readonly bigint[]>;
  readonly #tallies = new Map<string, Tally[]>();

  constructor(boundaries: Record<string, readonly string[]>) {
    this.#boundaries = new Map(
      Object.entries(boundaries).map(([partition, offsets]) => [partition, offsets.map(BigInt)]),
    );
  }

  add(partition: string, { count, firstOffset, nextOffset, offsetsCountRecords }: FileFacts): void {
    const boundaries = this.#boundaries.get(partition);
    if (boundaries === undefined || nextOffset === undefined) return;
    const tally = this.#tally(partition, boundaries)[firstAtLeast(boundaries, nextOffset)];
    if (tally === undefined) return;
    const records = count ?? (firstOffset === undefined ? undefined : nextOffset - firstOffset);
    tally.files += 1;
    if (offsetsCountRecords && records !== undefined) tally.records += BigInt(records);
    else tally.counted = false;
  }

  /** All runs, those without a file too, that passed any offsets. */
  *runs(): Generator<RunOfPartition> {
    for (const [partition, boundaries] of this.#boundaries)
      for (const [run, to] of boundaries.entries()) {
        const from = boundaries[run - 1] ?? 0n;
        const tally = this.#tallies.get(partition)?.[run] ?? { files: 0, records: 0n, counted: true };
        if (to > from || tally.files > 0) yield { partition, run, from, to, ...tally };
      }
  }

  #tally(partition: string, boundaries: readonly bigint[]): Tally[] {
    const known = this.#tallies.get(partition);
    if (known !== undefined) return known;
    const tally = boundaries.map(() => ({ files: 0, records: 0n, counted: true }));
    this.#tallies.set(partition, tally);
    return tally;
  }
}

/** Index of the first of the ascending offsets that is no less; their number where all are less. */
function firstAtLeast(offsets: readonly bigint[], least: bigint): number {
  let from = 0;
  for (let to = offsets.length; from < to;) {
    const middle = (from + to) >> 1;
    if (offsets[middle]! >= least) to = middle;
    else from = middle + 1;
  }
  return from;
}
