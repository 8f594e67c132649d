// Patterns of topics are regular expressions of the user's own: one that never comes to an end is an error of its job, and
// nothing else of the worker waits for it.
import { expect, it } from 'vitest';
import { namesMatching } from '../../../activities/log/names-matching.ts';

it('takes names that a pattern matches as a whole', () => {
  expect(namesMatching(['page_.*', 'clicks'], ['page_views', 'my_page_views', 'clicks', 'clicks2'])).toEqual(
    new Set(['page_views', 'clicks']),
  );
  expect(namesMatching([], ['clicks'])).toEqual(new Set());
});

it('ends one that backtracks for ever, and names it', () => {
  expect(() => namesMatching(['clicks', '(a+)+b'], ['clicks', 'a'.repeat(200)], 100)).toThrow(
    "Of 2 topics it can't be told in 100 ms which of them clicks, (a+)+b match. Write patterns so that no repetition",
  );
  // Nothing is left of it.
  expect(namesMatching(['clicks'], ['clicks'])).toEqual(new Set(['clicks']));
});

it('is not taken for one that backtracks where the process was frozen meanwhile', () => {
  let tries = 0;
  const names = ['clicks', 'views'];
  const frozen = Object.assign([...names], {
    filter: (takes: (name: string) => boolean) => {
      tries += 1;
      while (tries === 1); // until its time is over
      return names.filter(takes);
    },
  });
  expect(namesMatching(['cl.*'], frozen, 1_000)).toEqual(new Set(['clicks']));
  expect(tries).toBe(2);
});
