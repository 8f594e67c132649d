import { LISTED_GAPS, type Census, type PartitionOffsets } from './offset-census.ts';
import { OffsetRuns, type PartitionRuns } from './offset-runs.ts';

/** Runs that are held at a time: some 16 MiB. */
const MOST_RUNS = 1 << 20;

/**
 * The census of a sequence from what its splits tell of their offsets, so that nothing is read again for it. It says the
 * same as `OffsetCensus`, or nothing: where an offset is there twice, all must be seen in their order.
 */
export class CensusOfRuns {
  readonly #byPartition = new Map<number, OffsetRuns>();
  #runs = 0;

  /** Adds a split's offsets; false where they can't be counted in this way. */
  add(split: readonly PartitionRuns[]): boolean {
    for (const { partition, runs } of split) {
      let known = this.#byPartition.get(partition);
      if (known === undefined) this.#byPartition.set(partition, (known = new OffsetRuns()));
      const before = known.count;
      for (const [from, to] of runs) if (!known.add(from, to)) return false;
      this.#runs += known.count - before;
    }
    return this.#runs <= MOST_RUNS;
  }

  result(fingerprint: string): Census {
    const partitions = [...this.#byPartition]
      .sort(([a], [b]) => a - b)
      .map(([partition, runs]) => tally(partition, runs));
    return { fingerprint, partitions, repeats: [] };
  }
}

function tally(partition: number, runs: OffsetRuns): PartitionOffsets {
  let [records, gaps, missing, first, last] = [0, 0, 0, 0, 0];
  const listed: PartitionOffsets['listed'] = [];
  for (const [from, to] of runs) {
    if (records === 0) first = from;
    else {
      gaps += 1;
      missing += from - last - 1;
      if (listed.length < LISTED_GAPS) listed.push({ from: String(last + 1), to: String(from - 1) });
    }
    records += to - from;
    last = to - 1;
  }
  return {
    partition,
    records,
    repeats: 0,
    first: String(first),
    last: String(last),
    gaps,
    missing: String(missing),
    listed,
    conflicts: 0,
    conflicting: [],
  };
}
