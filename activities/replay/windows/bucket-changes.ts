import type { FileTimes } from './file-times.ts';

const HOUR = 3_600_000;

/** Times without an end on either side where nothing is known. */
export interface Span {
  from: number;
  to: number;
}

/**
 * Follows the buckets of files in the order of the manifest, and tells which times one has to share with its neighbours.
 * Where clocks go back, two hours have one name: Camus puts both into the bucket of one of them, which so ends an hour
 * late or begins an hour early. Names alone don't show which; only that there is a hole of an hour between two buckets.
 */
export class BucketChanges {
  #latest: FileTimes | undefined;

  /** The times that must be in one window, for a file whose bucket is not that of the file before. */
  spanOf(times: FileTimes): Span {
    const before = this.#latest;
    if (!times.exact) return times;
    if (before === undefined || times.to > before.to) this.#latest = times;
    if (before === undefined) return times;
    const hole = times.from - before.to;
    if (hole < 0) return times;
    // Far enough apart that both may reach into the hole.
    if (hole >= 2 * HOUR) return { from: times.from - HOUR, to: times.to };
    if (!mayShareAnHour(before, times, hole)) return times;
    return { from: before.to - HOUR, to: Math.max(times.to, times.from + HOUR) };
  }
}

/** Whether the clocks may have gone back between the beginnings of two buckets. */
function mayShareAnHour(before: FileTimes, after: FileTimes, hole: number): boolean {
  if (before.clock === undefined || after.clock === undefined) return hole > 0;
  return before.clock > after.clock;
}
