import type { MergeCursor } from './merge-cursor.ts';
import type { MergeSection } from './mergeable-section.ts';

/** A section that is open in a merge, at an entry that is still to be handed out. */
export interface OpenMergeSection {
  cursor: MergeCursor;
  section: MergeSection;
}

/** A binary heap of open sections, the one with the smallest key on top. */
export class MergeHeap {
  readonly items: OpenMergeSection[] = [];

  get top(): OpenMergeSection | undefined {
    return this.items[0];
  }

  /** The section that comes next when the top one is behind it. */
  get runnerUp(): OpenMergeSection | undefined {
    const left = this.items[1];
    const right = this.items[2];
    return right === undefined || isBefore(left!.cursor, right.cursor) ? left : right;
  }

  push(item: OpenMergeSection): void {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!isBefore(item.cursor, items[parent]!.cursor)) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  /** Takes the top away. */
  pop(): void {
    const last = this.items.pop();
    if (last === undefined || this.items.length === 0) return;
    this.items[0] = last;
    this.topMoved();
  }

  /** Restores the order after the top one's key has grown. */
  topMoved(): void {
    const { items } = this;
    const length = items.length;
    const item = items[0]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && isBefore(items[child + 1]!.cursor, items[child]!.cursor)) child++;
      if (!isBefore(items[child]!.cursor, item.cursor)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = item;
  }
}

/** Whether `a`'s key comes first. Rounded times decide nearly always; where they are equal, the exact ones do. */
function isBefore(a: MergeCursor, b: MergeCursor): boolean {
  if (a.time !== b.time) return a.time < b.time;
  if (a.timeLo !== b.timeLo || a.timeHi !== b.timeHi)
    return a.timeHi !== b.timeHi ? a.timeHi < b.timeHi : a.timeLo < b.timeLo;
  return a.split !== b.split ? a.split < b.split : a.sequence < b.sequence;
}
