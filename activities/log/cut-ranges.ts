/** A stretch of one partition that is pulled as a whole. */
export interface PlannedRange {
  topic: string;
  partition: number;
  from: bigint;
  to: bigint;
  /** Estimate of the log's bytes. */
  bytes: number;
}

export interface CutLimits {
  /** Bytes of log in a range; Infinity: all that is read of a partition is one range. */
  rangeBytes: number;
  /** Ranges of a partition in one run, the oldest first. */
  maxPerPartition?: number | undefined;
  /** Records and bytes of a partition in one run. */
  records?: number | undefined;
  bytes?: number | undefined;
}

/** Cuts what is to be read of a partition into ranges that follow the size of the data. Offsets stand for records. */
export function cutRanges(
  { topic, partition, from, to }: { topic: string; partition: number; from: bigint; to: bigint },
  bytesPerOffset: number,
  limits: CutLimits,
): PlannedRange[] {
  // Without a bound of its own a partition is one range.
  const perRange = Number.isFinite(limits.rangeBytes)
    ? BigInt(Math.max(1, Math.floor(limits.rangeBytes / Math.max(1, bytesPerOffset))))
    : to - from;
  let end = to;
  const bound = (count: number | undefined): void => {
    if (count !== undefined && from + BigInt(count) < end) end = from + BigInt(Math.max(1, count));
  };
  bound(limits.records);
  bound(limits.bytes === undefined ? undefined : Math.floor(limits.bytes / Math.max(1, bytesPerOffset)));
  const ranges: PlannedRange[] = [];
  for (let at = from; at < end && ranges.length < (limits.maxPerPartition ?? Infinity);) {
    // A rest that is smaller than a quarter of a range goes with the last one: it would be a file of its own.
    const next = end - at <= perRange + perRange / 4n ? end : at + perRange;
    ranges.push({ topic, partition, from: at, to: next, bytes: Number(next - at) * bytesPerOffset });
    at = next;
  }
  return ranges;
}

/** Ranges that one step pulls; bounded, so that a step that is begun again repeats little. */
const MOST_RANGES_A_PULL = 400;

/**
 * Groups ranges into pulls: a large range is a pull of its own, small ones go together, so that thousands of quiet
 * topics are a few dozen steps. Within a partition the oldest come first; of the pulls the largest.
 */
export function groupPulls(ranges: readonly PlannedRange[], pullBytes: number): PlannedRange[][] {
  const pulls: { ranges: PlannedRange[]; bytes: number }[] = [];
  let open: { ranges: PlannedRange[]; bytes: number } | undefined;
  for (const range of ranges) {
    const fits = open !== undefined && open.bytes + range.bytes <= pullBytes && open.ranges.length < MOST_RANGES_A_PULL;
    if (!fits) {
      open = { ranges: [], bytes: 0 };
      pulls.push(open);
    }
    open!.ranges.push(range);
    open!.bytes += range.bytes;
  }
  return pulls.toSorted((a, b) => b.bytes - a.bytes).map(({ ranges: pull }) => pull);
}
