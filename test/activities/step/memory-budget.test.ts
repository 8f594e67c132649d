// The one budget of a worker is never exceeded, serves whoever came first, and gives back what was taken, also where
// somebody stops waiting.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../../activities/step/memory-budget.ts';

/** Takes bytes and notes it under a name. */
function taker(budget: MemoryBudget) {
  const granted: string[] = [];
  const take = async (name: string, bytes: number, signal?: AbortSignal): Promise<() => void> => {
    const release = await budget.take(bytes, signal);
    granted.push(name);
    return release;
  };
  return { granted, take };
}

describe('a memory budget', () => {
  it('serves whoever came first, even where a smaller wish would fit', async () => {
    const { granted, take } = taker(new MemoryBudget(100));
    const release = await take('a', 60);
    const [b, c] = [take('b', 60), take('c', 10)];
    await turn();
    expect(granted).toEqual(['a']);
    release();
    await Promise.all([b, c]);
    expect(granted).toEqual(['a', 'b', 'c']);
  });

  it('gives a wish that is larger than everything the whole budget', async () => {
    const { granted, take } = taker(new MemoryBudget(100));
    const release = await take('all', 1_000);
    const next = take('next', 1);
    await turn();
    expect(granted).toEqual(['all']);
    release();
    await next;
  });

  it('takes bytes back once, however often it is told', async () => {
    const { granted, take } = taker(new MemoryBudget(100));
    const release = await take('a', 50);
    release();
    release();
    await take('b', 100);
    void take('c', 1);
    await turn();
    expect(granted).toEqual(['a', 'b']);
  });

  it('lets those behind go on when somebody stops waiting', async () => {
    const { granted, take } = taker(new MemoryBudget(100));
    await take('a', 60);
    const stop = new AbortController();
    const b = take('b', 100, stop.signal);
    const c = take('c', 40);
    stop.abort(new Error('cancelled'));
    await expect(b).rejects.toThrow('cancelled');
    await c;
    expect(granted).toEqual(['a', 'c']);
    await expect(take('d', 100, stop.signal)).rejects.toThrow('cancelled');
  });

  it('never gives out more than it has, over many takers', async () => {
    const budget = new MemoryBudget(1_000);
    let used = 0;
    await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const bytes = (index * 7919) % 700;
        const release = await budget.take(bytes);
        used += bytes;
        expect(used).toBeLessThanOrEqual(1_000);
        await turn();
        used -= bytes;
        release();
      }),
    );
    expect(used).toBe(0);
  });
});
