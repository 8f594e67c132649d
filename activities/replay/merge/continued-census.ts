import { LISTED_GAPS, type Census, type PartitionOffsets } from './offset-census.ts';
import { OffsetRuns, type PartitionRuns } from './offset-runs.ts';

/** Offsets, `to` exclusive. */
interface Span {
  from: number;
  to: number;
}

/**
 * The census of a sequence up to the end of a span of offsets, from the one up to its beginning and what splits tell of
 * theirs, so that no record is looked at. It says the same as `OffsetCensus` would, or nothing (undefined): where an
 * offset is there twice, or a split doesn't tell, or the offsets are not as many as the `records` of the span.
 */
export function continuedCensus(
  before: Census,
  splits: readonly (readonly PartitionRuns[] | undefined)[],
  { from, to }: Span,
  records: number,
): Census | undefined {
  const added = new Map<number, OffsetRuns>();
  let found = 0;
  for (const split of splits) {
    if (split === undefined) return undefined;
    for (const { partition, runs } of split)
      for (const run of runs) {
        const [first, end] = [Math.max(run[0], from), Math.min(run[1], to)];
        if (first >= end) continue;
        let known = added.get(partition);
        if (known === undefined) added.set(partition, (known = new OffsetRuns()));
        if (!known.add(first, end)) return undefined;
        found += end - first;
      }
  }
  return found === records ? withRuns(before, added) : undefined;
}

function withRuns(before: Census, added: ReadonlyMap<number, OffsetRuns>): Census {
  const all = new Map(before.partitions.map((one) => [one.partition, one]));
  for (const [partition, runs] of added) all.set(partition, followedBy(all.get(partition), partition, runs));
  return { ...before, partitions: [...all.values()].sort((a, b) => a.partition - b.partition) };
}

/** A partition's offsets with later ones. */
function followedBy(before: PartitionOffsets | undefined, partition: number, runs: OffsetRuns): PartitionOffsets {
  let [records, gaps, missing] = [before?.records ?? 0, before?.gaps ?? 0, BigInt(before?.missing ?? 0)];
  let [first, last] = [before?.first, before === undefined ? undefined : Number(before.last)];
  const listed = [...(before?.listed ?? [])];
  for (const [from, to] of runs) {
    first ??= String(from);
    if (last !== undefined && from > last + 1) {
      gaps += 1;
      missing += BigInt(from - last - 1);
      if (listed.length < LISTED_GAPS) listed.push({ from: String(last + 1), to: String(from - 1) });
    }
    records += to - from;
    last = to - 1;
  }
  const { repeats = 0, conflicts = 0, conflicting = [] } = before ?? {};
  const span = { first: first ?? '0', last: String(last ?? 0) };
  return { partition, records, repeats, ...span, gaps, missing: missing.toString(), listed, conflicts, conflicting };
}
