import type { RunControl } from './run-control.ts';

export interface Window {
  control: RunControl;
  /** Items at once. */
  atOnce: number;
  /** The next item, counted up as it is begun; undefined where there is none left. */
  take: () => number | undefined;
  /** Resolves with false for one that was ended before it was done: it is taken again, before any other. */
  run: (item: number) => Promise<boolean | void>;
  /** Those, also of earlier runs of the job: part of its state. */
  again?: number[];
  historyIsLong: () => boolean;
  carryOn: () => Promise<void>;
}

/**
 * Runs items one after the other, some at once. Pauses and continues as new with none in hand, so that what is begun is
 * always finished by the run that began it.
 */
export async function inWindow({
  control,
  atOnce,
  take,
  run,
  again = [],
  historyIsLong,
  carryOn,
}: Window): Promise<void> {
  const inHand = new Set<Promise<void>>();
  for (;;) {
    if (control.pausing) {
      await Promise.all(inHand);
      await control.gate();
    }
    const next = again.shift() ?? take();
    if (next === undefined) {
      await Promise.all(inHand);
      if (again.length === 0) return;
      continue;
    }
    const item = run(next);
    // One that fails stays in hand, so that whoever waits next finds it: several may end in the same moment.
    const settled: Promise<void> = item.then((isDone) => {
      inHand.delete(settled);
      if (isDone === false) again.push(next);
    });
    inHand.add(settled);
    if (historyIsLong()) {
      await Promise.all(inHand);
      await carryOn();
    } else if (inHand.size >= atOnce) await Promise.race(inHand);
  }
}
