const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
/** First bit of each digit. None straddles the halves, so the third of each half has ten bits. */
const DIGITS = [0, 11, 22, 32, 43, 54];

/**
 * A stable sort of the first `count` 64-bit times: least significant digit first, on the distance from the smallest
 * time, so that times of one hour take two passes and equal times none.
 *
 * @param order room for `count` numbers
 * @param scratch as much again
 * @returns the one of `order` and `scratch` that holds the indices in ascending order of time
 */
export function sortByTime(
  timeHi: Int32Array,
  timeLo: Uint32Array,
  count: number,
  order: Uint32Array<ArrayBuffer>,
  scratch: Uint32Array<ArrayBuffer>,
): Uint32Array<ArrayBuffer> {
  for (let i = 0; i < count; i++) order[i] = i;
  const range = rangeOf(timeHi, timeLo, count);
  if (range === undefined) return order;
  let from = order;
  let to = scratch;
  for (const bit of DIGITS) {
    if (bit >= range.bits) break;
    const moved =
      bit < 32
        ? sortByLowDigit(timeLo, range.minLo, bit, count, from, to)
        : sortByHighDigit(timeHi, timeLo, range, bit - 32, count, from, to);
    if (moved) [from, to] = [to, from];
  }
  return from;
}

interface TimeRange {
  minHi: number;
  minLo: number;
  /** Significant bits of the largest distance from the smallest time. */
  bits: number;
}

/** The range of the times, or undefined where they are in order already. */
function rangeOf(timeHi: Int32Array, timeLo: Uint32Array, count: number): TimeRange | undefined {
  if (count < 2) return undefined;
  let minHi = timeHi[0]!;
  let minLo = timeLo[0]!;
  let maxHi = minHi;
  let maxLo = minLo;
  let ascending = true;
  for (let i = 1; i < count; i++) {
    const hi = timeHi[i]!;
    const lo = timeLo[i]!;
    if (hi > maxHi || (hi === maxHi && lo >= maxLo)) {
      maxHi = hi;
      maxLo = lo;
      continue;
    }
    ascending = false;
    if (hi < minHi || (hi === minHi && lo < minLo)) {
      minHi = hi;
      minLo = lo;
    }
  }
  if (ascending) return undefined;
  const spanHi = (maxHi - minHi - (maxLo < minLo ? 1 : 0)) >>> 0;
  const spanLo = (maxLo - minLo) >>> 0;
  return { minHi, minLo, bits: spanHi > 0 ? 64 - Math.clz32(spanHi) : 32 - Math.clz32(spanLo) };
}

const starts = new Uint32Array(BUCKETS);

function sortByLowDigit(
  timeLo: Uint32Array,
  minLo: number,
  bit: number,
  count: number,
  from: Uint32Array,
  to: Uint32Array,
): boolean {
  starts.fill(0);
  const mask = BUCKETS - 1;
  for (let i = 0; i < count; i++) starts[((timeLo[i]! - minLo) >>> bit) & mask]!++;
  if (!sumStarts(count)) return false;
  for (let i = 0; i < count; i++) {
    const index = from[i]!;
    to[starts[((timeLo[index]! - minLo) >>> bit) & mask]!++] = index;
  }
  return true;
}

function sortByHighDigit(
  timeHi: Int32Array,
  timeLo: Uint32Array,
  { minHi, minLo }: TimeRange,
  bit: number,
  count: number,
  from: Uint32Array,
  to: Uint32Array,
): boolean {
  starts.fill(0);
  const digit = (index: number): number =>
    ((timeHi[index]! - minHi - (timeLo[index]! < minLo ? 1 : 0)) >>> bit) & (BUCKETS - 1);
  for (let i = 0; i < count; i++) starts[digit(i)]!++;
  if (!sumStarts(count)) return false;
  for (let i = 0; i < count; i++) {
    const index = from[i]!;
    to[starts[digit(index)]!++] = index;
  }
  return true;
}

/** Turns counts into start positions; false where all are in one bucket, so that this digit orders nothing. */
function sumStarts(count: number): boolean {
  let start = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const size = starts[bucket]!;
    if (size === count) return false;
    starts[bucket] = start;
    start += size;
  }
  return true;
}
