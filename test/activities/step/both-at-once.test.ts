import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bothAtOnce } from '../../../activities/step/both-at-once.ts';

const never = new AbortController().signal;

/** Ends a while after it is told to, and says so. */
function untilTold(ended: string[]): (own: { signal: AbortSignal }) => Promise<void> {
  return async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await sleep(20);
    ended.push('told');
    signal.throwIfAborted();
  };
}

describe('two things at once', () => {
  it('are both under way before one has ended, and give both results', async () => {
    const begun: string[] = [];
    const one = async (name: string): Promise<string> => {
      begun.push(name);
      await sleep(5);
      expect(begun).toEqual(['first', 'second']);
      return name;
    };
    const both = bothAtOnce(
      { signal: never },
      () => one('first'),
      () => one('second'),
    );
    expect(await both).toEqual(['first', 'second']);
  });

  it('end both where one fails, whose error is told when the other has ended', async () => {
    for (const turned of [false, true]) {
      const ended: string[] = [];
      const fails = async (): Promise<void> => {
        throw new Error('no such file');
      };
      const [first, second] = turned ? [untilTold(ended), fails] : [fails, untilTold(ended)];
      await expect(bothAtOnce({ signal: never }, first, second)).rejects.toThrow('no such file');
      expect(ended).toEqual(['told']);
    }
  });

  it('end both where they are told to, with what the reason was', async () => {
    const ended: string[] = [];
    const told = new AbortController();
    const both = bothAtOnce({ signal: told.signal }, untilTold(ended), untilTold(ended));
    told.abort(new Error('the worker ends'));
    await expect(both).rejects.toThrow('the worker ends');
    expect(ended).toEqual(['told', 'told']);
  });
});
