// What is kept from one slice for the next one is taken only where all is there that is not out.
import { describe, expect, it } from 'vitest';
import { WindowShelf, type KeptWindows } from '../../../../activities/replay/windows/window-shelf.ts';
import type { RunsOut } from '../../../../activities/replay/windows/held-window.ts';
import type { SortKey } from '../../../../formats/sorted/file/sort-key.ts';

const keyOf = (time: number): SortKey => ({ timeHi: 0, timeLo: time, split: 0, sequence: 0 });

/** Windows from the third on, without what of it ends at a time. */
class Kept {
  discarded = 0;
  readonly windows: KeptWindows;

  constructor(out?: RunsOut) {
    const ahead = { first: 2, out, releaseBefore: () => undefined, close: () => undefined };
    const release = (): void => void (this.discarded += 1);
    this.windows = { ahead: ahead as never, listener: { moved: () => undefined }, release };
  }
}

describe('windows that are kept', () => {
  it.each([
    ['of the window that comes next', undefined, 2, undefined, true],
    ['of another one', undefined, 1, keyOf(5), false],
    ['without what is out', { records: 3, last: keyOf(5) }, 2, keyOf(5), true],
    ['without what is not out for who takes them', { records: 3, last: keyOf(5) }, 2, keyOf(4), false],
    ['without anything that a topic without records has', { records: 3, last: keyOf(5) }, 2, undefined, false],
  ])('are taken once, or discarded: those %s', (_, out, window, lastKey, isTaken) => {
    const shelf = new WindowShelf({ isWanted: false });
    const kept = new Kept(out);
    shelf.keep('job', kept.windows);
    expect(shelf.take('another job', window, lastKey)).toBeUndefined();
    expect(shelf.take('job', window, lastKey)).toBe(isTaken ? kept.windows : undefined);
    expect(kept.discarded).toBe(isTaken ? 0 : 1);
    expect(shelf.take('job', window, lastKey)).toBeUndefined();
  });

  it('are discarded at once where somebody waits for memory', () => {
    const shelf = new WindowShelf({ isWanted: true });
    const kept = new Kept();
    shelf.keep('job', kept.windows);
    expect(kept.discarded).toBe(1);
    expect(shelf.take('job', 2, undefined)).toBeUndefined();
  });
});
