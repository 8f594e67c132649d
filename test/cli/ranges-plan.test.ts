// A plan of ranges as it comes back from workers: of this release, or of the one before it in a rollout.
import { expect, it } from 'vitest';
import { CommandError } from '../../cli/command-error.ts';
import { jobResultLines } from '../../cli/job-result-lines.ts';
import { planAnswer } from '../../cli/plan-answer.ts';
import type { RangesOutlook } from '../../activities/ranges/plan/ranges-outlook.ts';

const PLAN: RangesOutlook = {
  plan: true,
  all: false,
  ready: true,
  unfinished: undefined,
  topics: 2,
  ranges: 3,
  offsets: '1200',
  bytes: '4096',
  partitions: [],
  problems: [],
  moreProblems: 0,
  remarks: ['something to know'],
};

it('is shown as a plan of ranges by the result of its workflow', () => {
  const lines = jobResultLines('plan-1', 'plan', PLAN);
  expect(lines[0]).toMatch(/^1 200 offsets to read in 2 topics, about .* of log, in 3 ranges$/);
  expect(lines.at(-1)).toBe('note: something to know');
  // As the release before has left it.
  const { all: _all, ...older } = PLAN;
  expect(jobResultLines('plan-1', 'plan', { ...older, page: 0, pages: 2 })).toEqual(lines);
});

it('is not taken for whole where the worker is too old to say where it goes on', () => {
  expect(planAnswer(PLAN)).toBe(PLAN);
  const { all: _all, ...older } = PLAN;
  for (const answer of [{ ...older, page: 0, pages: 2 }, { ...PLAN, pages: 1 }, older])
    expect(() => planAnswer(answer)).toThrow(CommandError);
  expect(() => planAnswer(older)).toThrow('A worker of an older release has answered');
});
