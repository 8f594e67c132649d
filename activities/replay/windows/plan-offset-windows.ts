import type { Window } from './window-planner.ts';

/** A split, and what is known of the offsets of its records, whichever partitions they are of. */
export interface SplitOffsets {
  /** In the manifest. */
  number: number;
  bytes: number;
  /** None is before; infinite for a split without records. */
  from: number;
  /** All but few are before: what came late to its file is behind. At most `to`. */
  denseTo: number;
  /** None is at or behind. */
  to: number;
}

export interface OffsetWindowPlan {
  windows: Window[];
  /** Of each window the bytes of the splits that are in memory while it is published: its own, and what is carried. */
  held: number[];
}

/**
 * Windows of offsets: splits in the order of their first records, so many together as have `targetBytes`. One goes on to
 * where the first record of the next one is: all records before are in its splits or in those of windows before.
 *
 * @param fewBytes of a split that stay in memory for the few records that came late to its file
 */
export function planOffsetWindows(
  splits: readonly SplitOffsets[],
  targetBytes: number,
  fewBytes = Infinity,
): OffsetWindowPlan {
  const least = splits.reduce((min, { from }) => Math.min(min, from), Infinity);
  // Where a split has no record it is read with the first ones: whatever it has then is not before its window.
  const beginning = ({ from }: SplitOffsets): number => (from === Infinity ? least : from);
  const ordered = [...splits].sort((a, b) => compare(beginning(a), beginning(b)) || a.number - b.number);
  const groups: { from: number; splits: SplitOffsets[]; bytes: number }[] = [];
  for (const split of ordered) {
    const from = beginning(split);
    const last = groups.at(-1);
    if (last === undefined || (last.bytes >= targetBytes && from > last.from))
      groups.push({ from, splits: [split], bytes: split.bytes });
    else {
      last.splits.push(split);
      last.bytes += split.bytes;
    }
  }
  const windows: Window[] = [];
  let place = 0;
  for (const [number, group] of groups.entries()) {
    const firstSplit = place;
    place += group.splits.length;
    windows.push({
      number,
      firstSplit,
      endSplit: place,
      splits: group.splits.map((split) => split.number).sort((a, b) => a - b),
      bytes: group.bytes,
      from: number === 0 ? -Infinity : group.from,
      to: groups[number + 1]?.from ?? Infinity,
    });
  }
  return { windows, held: heldBytes(windows, splits, fewBytes) };
}

/** What has an end before a window begins is not in memory any more, and little is of what has nearly all of its records before. */
function heldBytes(windows: readonly Window[], splits: readonly SplitOffsets[], fewBytes: number): number[] {
  const ends = splits
    .flatMap(({ bytes, denseTo, to }) => {
      const few = Math.min(bytes, fewBytes);
      return [
        { at: denseTo, bytes: bytes - few },
        { at: to, bytes: few },
      ];
    })
    .sort((a, b) => compare(a.at, b.at));
  let [ended, bytes] = [0, 0];
  return windows.map((window) => {
    bytes += window.bytes;
    for (let next = ends[ended]; next !== undefined && next.at <= window.from; next = ends[ended]) {
      bytes -= next.bytes;
      ended += 1;
    }
    return bytes;
  });
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
