// What a job asks of Temporal follows from the order in which its steps end, however many ends reach it at once: a query
// that finds no workflow in a worker's memory splits a task into two, and nobody can replay what came of that in another order.
import { expect, test } from 'vitest';
import { inWindow, type Window } from '../../workflows/run/window.ts';
import type { RunControl } from '../../workflows/run/run-control.ts';

/** A window whose items a test ends, and what it has asked for: `begin 3`, `tell 2`. */
class Windowed {
  readonly asked: string[] = [];
  readonly control = {
    pausing: false,
    cancelled: false,
    resume: (): void => undefined,
    gate: (): Promise<void> => {
      this.asked.push('gate');
      return new Promise((resolve) => (this.control.resume = resolve));
    },
  };
  readonly ends = new Map<number, { resolve: (done: boolean) => void; reject: (error: Error) => void }>();
  readonly #isLong: () => boolean;
  readonly running: Promise<void>;
  #taken = 0;

  constructor({
    items,
    oneByOne = true,
    isLong = () => false,
  }: {
    items: number;
    oneByOne?: boolean;
    isLong?: () => boolean;
  }) {
    this.#isLong = isLong;
    const window: Window<{ item: number; done: boolean }> = {
      control: this.control as unknown as RunControl,
      ...{ atOnce: 3, oneByOne, again: [] },
      take: () => (this.#taken < items ? this.#taken++ : undefined),
      run: (item) => {
        this.asked.push(`begin ${item}`);
        return new Promise((resolve, reject) =>
          this.ends.set(item, { resolve: (done) => resolve({ item, done }), reject }),
        );
      },
      done: ({ item, done }) => {
        this.asked.push(`tell ${item}`);
        return done;
      },
      historyIsLong: () => this.#isLong(),
      carryOn: async () => void this.asked.push('carry on'),
    };
    this.running = inWindow(window);
    this.running.catch(() => undefined);
  }

  /** Ends those of each group at once, and lets the workflow run between two groups. */
  async end(...groups: number[][]): Promise<void> {
    for (const group of groups) {
      for (const item of group) this.ends.get(item)!.resolve(true);
      await turn();
    }
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test.each([
  [[[0], [1], [2], [3], [4]]],
  [[[0, 1], [2], [3, 4]]],
  [[[0], [1, 2], [3], [4]]],
  [
    [
      [0, 1, 2],
      [3, 4],
    ],
  ],
])('ends that come as %j are each followed by what they ask for', async (groups) => {
  const windowed = new Windowed({ items: 5 });
  await windowed.end(...groups);
  await windowed.running;
  expect(windowed.asked).toEqual([
    ...['begin 0', 'begin 1', 'begin 2', 'tell 0', 'begin 3', 'tell 1', 'begin 4', 'tell 2', 'tell 3', 'tell 4'],
  ]);
});

test('a job that an older release has begun tells of all that ended at once, and then begins the next', async () => {
  const windowed = new Windowed({ items: 5, oneByOne: false });
  await windowed.end([0, 1], [2, 3, 4]);
  await windowed.running;
  expect(windowed.asked.slice(3, 7)).toEqual(['tell 0', 'tell 1', 'begin 3', 'begin 4']);
});

test.each([true, false])('one that fails ends the window at its turn (one by one: %s)', async (oneByOne) => {
  const windowed = new Windowed({ items: 9, oneByOne });
  windowed.ends.get(1)!.resolve(true);
  windowed.ends.get(0)!.reject(new Error('of item 0'));
  windowed.ends.get(2)!.resolve(true);
  await expect(windowed.running).rejects.toThrow('of item 0');
  expect(windowed.asked.slice(3)).toEqual(
    oneByOne ? ['tell 1', 'begin 3'] : ['tell 1', 'tell 2', 'begin 3', 'begin 4'],
  );
});

test('one that failed first of all that ended at once ends it before anything else is begun', async () => {
  for (const oneByOne of [true, false]) {
    const windowed = new Windowed({ items: 9, oneByOne });
    windowed.ends.get(0)!.reject(new Error('of item 0'));
    windowed.ends.get(1)!.resolve(true);
    await expect(windowed.running).rejects.toThrow('of item 0');
    expect(windowed.asked.slice(3)).toEqual(oneByOne ? [] : ['tell 1']);
  }
});

test('a job that is cancelled ends when all that it has in hand have, and counts those that were done', async () => {
  const windowed = new Windowed({ items: 9 });
  windowed.control.cancelled = true;
  let over = false;
  windowed.running.catch(() => (over = true));
  windowed.ends.get(1)!.reject(new Error('cancelled'));
  await turn();
  windowed.ends.get(0)!.reject(new Error('cancelled later'));
  await turn();
  expect(over).toBe(false);
  windowed.ends.get(2)!.resolve(true);
  await expect(windowed.running).rejects.toThrow('cancelled');
  expect(windowed.asked.slice(3)).toEqual(['tell 2']);
});

test('one that was ended before it was done is taken again, before any other, also behind the last', async () => {
  const windowed = new Windowed({ items: 4 });
  windowed.ends.get(0)!.resolve(false);
  await turn();
  await windowed.end([1], [2]);
  windowed.ends.get(3)?.resolve(false);
  await windowed.end([0]);
  expect(windowed.asked.slice(3)).toEqual([
    ...['tell 0', 'begin 0', 'tell 1', 'begin 3', 'tell 2', 'tell 3', 'tell 0', 'begin 3'],
  ]);
  await windowed.end([3]);
  await windowed.running;
});

test('a pause and a long history are gone through with nothing in hand, and the rest comes behind', async () => {
  let long = false;
  const windowed = new Windowed({ items: 9, isLong: () => long });
  windowed.control.pausing = true;
  await windowed.end([0], [1, 2]);
  expect(windowed.asked.slice(3, 7)).toEqual(['tell 0', 'tell 1', 'tell 2', 'gate']);
  windowed.control.pausing = false;
  windowed.control.resume();
  await turn();
  long = true;
  await windowed.end([3]);
  long = false;
  await windowed.end([4, 5], [6]);
  expect(windowed.asked.filter((asked) => !/^(begin|tell)/.test(asked)).at(-1)).toBe('carry on');
  expect(windowed.asked.indexOf('carry on')).toBe(windowed.asked.indexOf('tell 6') + 1);
});
