import type { TargetPlan } from '../verify-plan.ts';

/** Offsets of one range: a step of a minute or so, that is done anew where a worker dies. */
const RANGE_OFFSETS = 500_000n;
/** Of a topic that has more, ranges are longer: steps, files and history stay bounded. */
const MOST_RANGES = 10_000n;

export interface OffsetSpan {
  partition: number;
  from: string;
  to: string;
}

type Ranged = Pick<TargetPlan, 'partitions' | 'rangeOffsets'>;

/** How many offsets the ranges of a topic with these partitions have. */
export function rangeOffsetsFor(partitions: readonly OffsetSpan[]): number {
  const all = partitions.reduce((sum, { from, to }) => sum + BigInt(to) - BigInt(from), 0n);
  const atLeast = (all + MOST_RANGES - 1n) / MOST_RANGES;
  return Number(atLeast > RANGE_OFFSETS ? atLeast : RANGE_OFFSETS);
}

/** Ranges are numbered from 0, partition by partition, each in the order of its offsets. */
export function countRanges({ partitions, rangeOffsets }: Ranged): number {
  return partitions.reduce((sum, span) => sum + rangesIn(span, rangeOffsets), 0);
}

export function rangeAt({ partitions, rangeOffsets }: Ranged, number: number): OffsetSpan {
  let left = number;
  for (const span of partitions) {
    const ranges = rangesIn(span, rangeOffsets);
    if (left < ranges) {
      const from = BigInt(span.from) + BigInt(left) * BigInt(rangeOffsets);
      const end = from + BigInt(rangeOffsets);
      return { partition: span.partition, from: String(from), to: end < BigInt(span.to) ? String(end) : span.to };
    }
    left -= ranges;
  }
  throw new TypeError(`there is no range ${number}`);
}

/** Number of the range that has an offset; undefined where none has. */
export function rangeOf({ partitions, rangeOffsets }: Ranged, partition: number, offset: bigint): number | undefined {
  let before = 0;
  for (const span of partitions) {
    if (span.partition === partition) {
      if (offset < BigInt(span.from) || offset >= BigInt(span.to)) return undefined;
      return before + Number((offset - BigInt(span.from)) / BigInt(rangeOffsets));
    }
    before += rangesIn(span, rangeOffsets);
  }
  return undefined;
}

function rangesIn({ from, to }: OffsetSpan, rangeOffsets: number): number {
  const offsets = BigInt(to) - BigInt(from);
  return offsets <= 0n ? 0 : Number((offsets + BigInt(rangeOffsets) - 1n) / BigInt(rangeOffsets));
}
