// The problems of a run with thousands of topics: as many messages as a result holds, more names, and all of them in the log.
import { expect, it } from 'vitest';
import { listedProblems, logProblems } from '../../../activities/archive/listed-problems.ts';
import { stepContext } from '../../support/step-context.ts';

const problemsOf = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ topic: `events.${n}`, message: `events.${n}: ${'why '.repeat(60)}` }));

it('are all listed while there is room', () => {
  expect(listedProblems(problemsOf(50))).toEqual({ problems: problemsOf(50), moreProblems: 0, remarks: [] });
});

it('are named where messages have no room, and counted where names have none', () => {
  const { problems, moreProblems, remarks } = listedProblems(problemsOf(200));
  expect(problems.length + moreProblems).toBe(200);
  expect(problems.length).toBeGreaterThan(50);
  expect(remarks).toEqual([
    expect.stringMatching(
      `^${moreProblems} more topics with problems: events.${problems.length}, .*events.199; the worker's`,
    ),
  ]);
  const many = listedProblems(problemsOf(10_000));
  expect(many.remarks[0]).toMatch(/ and \d{4} more; the worker's log/);
  expect(JSON.stringify(many).length).toBeLessThan(22 * 1024);
});

it('are told to the log one by one', () => {
  const told: string[] = [];
  logProblems(
    { ...stepContext(), log: { info: () => undefined, warn: (message) => void told.push(message) } },
    problemsOf(1000),
  );
  expect(told).toHaveLength(1000);
  expect(told[999]).toMatch(/^events.999 is not archived, or not wholly: events.999: why/);
});
