import type { RunControl } from './run-control.ts';

export interface Window<Result> {
  control: RunControl;
  /** Items at once. */
  atOnce: number;
  /** The next item, counted up as it is begun; undefined where there is none left. */
  take: () => number | undefined;
  /** Begins an item; what comes of it is for `done`. */
  run: (item: number) => Promise<Result>;
  /** Takes what an item came to into the state. False for one that was ended before it was done. */
  done: (result: Result) => boolean | void;
  /** Those that were ended before they were done, also in earlier runs of the job: taken before any other. */
  again?: number[];
  /** Whether what follows an end is begun before the next end is looked at: not so in jobs that older releases began. */
  oneByOne: boolean;
  historyIsLong: () => boolean;
  carryOn: () => Promise<void>;
}

type Ended<Result> = { item: number; result: Result } | { error: unknown };

/**
 * Runs items one after the other, some at once. Pauses and continues as new with none in hand, so that what is begun is
 * always finished by the run that began it.
 *
 * Commands come in the order of the ends alone, whether those reach the workflow together or apart
 * (docs/decisions/0024-commands-in-order-of-ends.md): all that follows one is asked for before the next is looked at.
 */
export async function inWindow<Result>(window: Window<Result>): Promise<void> {
  const { control, atOnce, take, run, done, again = [], oneByOne, historyIsLong, carryOn } = window;
  const ended = new Ends<Result>();
  let inHand = 0;
  /** What is done once none is in hand; till then none is begun. */
  let drainsTo: 'gate' | 'carryOn' | 'end' | undefined;
  const begin = (): void => {
    while (inHand < atOnce && drainsTo === undefined) {
      if (control.pausing) {
        drainsTo = 'gate';
        return;
      }
      const item = again.shift() ?? take();
      if (item === undefined) {
        drainsTo = 'end';
        return;
      }
      inHand += 1;
      ended.follow(item, run(item));
      if (historyIsLong()) drainsTo = 'carryOn';
    }
  };
  const settle = (end: Ended<Result>): void => {
    inHand -= 1;
    if ('error' in end) throw end.error;
    if (done(end.result) === false) again.push(end.item);
  };
  const settleNext = async (): Promise<void> => {
    try {
      for (const end of await ended.next(oneByOne)) settle(end);
    } catch (error) {
      // Whoever cancels finds a job that has ended when nobody works for it any more.
      while (oneByOne && control.cancelled && inHand > 0)
        for (const end of await ended.next(oneByOne)) {
          if ('error' in end) inHand -= 1;
          else settle(end);
        }
      throw error;
    }
  };
  for (;;) {
    begin();
    if (inHand > 0) {
      await settleNext();
      continue;
    }
    if (drainsTo === 'end' && again.length === 0) return;
    if (drainsTo === 'gate') await control.gate();
    if (drainsTo === 'carryOn') await carryOn();
    drainsTo = undefined;
  }
}

/** What has ended, in the order in which it did. One that failed has its turn as well: several may end in the same moment. */
class Ends<Result> {
  #ended: Ended<Result>[] = [];
  #wake: () => void = () => undefined;

  follow(item: number, running: Promise<Result>): void {
    const end = (ended: Ended<Result>): void => {
      this.#ended.push(ended);
      this.#wake();
    };
    running.then(
      (result) => end({ item, result }),
      (error: unknown) => end({ error }),
    );
  }

  /** The next one; not `oneByOne` all that are there, of which a failure is told behind what follows those before it. */
  async next(oneByOne: boolean): Promise<Ended<Result>[]> {
    while (this.#ended.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (oneByOne) return this.#ended.splice(0, 1);
    const failed = this.#ended.filter((end) => 'error' in end);
    const results = this.#ended.filter((end) => !('error' in end));
    const first = 'error' in this.#ended[0]! ? failed.slice(0, 1) : [];
    this.#ended = failed.slice(first.length);
    return [...results, ...first];
  }
}
