/**
 * Entries by (time, entry): a stable radix sort by 16 bits, as comparing functions would take minutes for millions.
 * `entries` is in ascending order and is sorted in place.
 */
export function sortByTime(entries: Uint32Array, times: Float64Array): void {
  let first = Infinity;
  let last = -Infinity;
  for (const entry of entries) {
    const time = times[entry] as number;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  let from: Uint32Array = entries;
  let to: Uint32Array = new Uint32Array(entries.length);
  for (let unit = 1; unit <= last - first; unit *= 65536) {
    const digit = (entry: number): number => Math.floor(((times[entry] as number) - first) / unit) % 65536;
    const starts = new Uint32Array(65537);
    for (const entry of from) {
      const next = digit(entry) + 1;
      starts[next] = (starts[next] as number) + 1;
    }
    for (let at = 1; at < starts.length; at++) starts[at] = (starts[at] as number) + (starts[at - 1] as number);
    for (const entry of from) {
      const own = digit(entry);
      const place = starts[own] as number;
      to[place] = entry;
      starts[own] = place + 1;
    }
    [from, to] = [to, from];
  }
  if (from !== entries) entries.set(from);
}
