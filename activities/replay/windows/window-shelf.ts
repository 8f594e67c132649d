import { compareSortKeys, type SortKey } from '../../../formats/sorted/file/sort-key.ts';
import type { MemoryBudget } from '../../step/memory-budget.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { FileListing } from '../steps.ts';
import type { CarriedSplits } from './carried-splits.ts';
import type { WindowsAhead } from './windows-ahead.ts';

/** How long windows stay that nobody comes for: the next slice begins in less, unless the job is paused or goes elsewhere. */
const KEPT_MS = 10_000;

/** Windows that are decoded or under way, with the memory that was taken for them. */
export interface KeptWindows {
  ahead: WindowsAhead;
  /** Windows of offsets: what is decoded of those that are behind. */
  carried?: CarriedSplits;
  /** Told with every sign of life of a thread. */
  listener: { moved: () => void };
  /** Gives the memory back. */
  release: () => void;
}

/** Keeps windows from one publishing step of a job for the next one, where that comes to the same worker. */
export class WindowShelf {
  readonly #budget: Pick<MemoryBudget, 'isWanted'>;
  readonly #kept = new Map<string, { windows: KeptWindows; timer: NodeJS.Timeout }>();

  constructor(budget: Pick<MemoryBudget, 'isWanted'>) {
    this.#budget = budget;
  }

  /** What was kept, if it goes on at this window, behind the last key that is out; it is whoever's that takes it. */
  take(key: string, window: number, lastKey: SortKey | undefined): KeptWindows | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    clearTimeout(kept.timer);
    this.#kept.delete(key);
    const { ahead, carried } = kept.windows;
    // The slice before may have ended with a window's last record. One of offsets has some of those to come.
    if (carried === undefined) ahead.releaseBefore(window);
    if (ahead.first === window && isHeldBehind(ahead, lastKey)) return kept.windows;
    discard(kept.windows);
    return undefined;
  }

  /** Keeps windows for a while, unless somebody waits for memory. */
  keep(key: string, windows: KeptWindows): void {
    windows.listener.moved = () => undefined;
    if (this.#budget.isWanted || this.#kept.has(key)) return discard(windows);
    const timer = setTimeout(() => {
      this.#kept.delete(key);
      discard(windows);
    }, KEPT_MS);
    timer.unref();
    this.#kept.set(key, { windows, timer });
  }
}

/** Windows are kept for a sequence, decoded by a policy: who takes a job up may bring another one. */
export function shelfKey(
  { id, badData }: Pick<ReplayJob, 'id' | 'badData'>,
  { fingerprint }: Pick<FileListing, 'fingerprint'>,
): string {
  return `${id} ${fingerprint} ${badData.policy}`;
}

/** Whether all behind a key is held of the first window. What is out for one topic isn't out for another. */
function isHeldBehind({ out }: WindowsAhead, key: SortKey | undefined): boolean {
  return out === undefined || (key !== undefined && compareSortKeys(out.last, key) <= 0);
}

export function discard({ ahead, release }: KeptWindows): void {
  ahead.close();
  release();
}
