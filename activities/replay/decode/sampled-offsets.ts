import { int64ToBigInt } from '../../../formats/int64.ts';
import type { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';

/** Which offsets of a source partition the sampled records of a file have. */
export interface SampledOffsets {
  partition: number;
  records: number;
  /** Decimal text, `to` exclusive, ascending, apart from one another; the first ones. */
  runs: { from: string; to: string }[];
  /** Whether there are more of them. */
  more: boolean;
}

/** Lines of NiFi may be of any offsets, a run each. */
const MOST_RUNS = 1_000;

/** The offsets of the records in a buffer that is sorted by them; `partitions`: by the number that is theirs in it. */
export function sampledOffsets(buffer: SortBuffer, partitions: readonly number[]): SampledOffsets[] {
  const found = partitions.map((partition) => ({ partition, records: 0, ends: [] as bigint[], more: false }));
  const order = buffer.sort();
  for (let at = 0; at < buffer.count; at += 1) {
    const index = order[at]!;
    const of = found[buffer.file[index]!]!;
    of.records += 1;
    const offset = int64ToBigInt(buffer.timeHi[index]!, buffer.timeLo[index]!);
    const { ends } = of;
    const next = ends.at(-1);
    if (next !== undefined && offset < next) continue;
    if (next === offset) ends[ends.length - 1] = offset + 1n;
    else if (ends.length < 2 * MOST_RUNS) ends.push(offset, offset + 1n);
    else of.more = true;
  }
  return found.map(({ partition, records, ends, more }) => ({
    partition,
    records,
    runs: Array.from({ length: ends.length / 2 }, (_, run) => ({
      from: String(ends[run * 2]),
      to: String(ends[run * 2 + 1]),
    })),
    more,
  }));
}
