// A job that publishes nothing says what became of its records, and which times they had.
import { expect, it } from 'vitest';
import { whyNothing } from '../../../../activities/replay/publish/why-nothing.ts';
import { replayJob } from '../../../support/replay-job.ts';

const AT = Date.UTC(2014, 10, 2, 8);

it('names the range, and the times that were found', () => {
  const job = replayJob({ from: AT, to: AT + 1 });
  const outOfRangeTimes = { from: AT - 2, to: 9e15 };
  expect(whyNothing(job, { read: 5, skipped: 1, outOfRange: 4, outOfRangeTimes })).toBe(
    "nothing was published: of 5 records 4 are outside of the time range (from 2014-11-02T08:00:00Z, before 2014-11-02T08:00:00.001Z); their times are between 2014-11-02T07:59:59.998Z and after all calendars, 1 were skipped since they can't be read",
  );
});

it('names the filter, and files without records', () => {
  const job = replayJob({ functions: { filter: 'mine' } });
  expect(whyNothing(job, { read: 2, skipped: 0, filtered: 2 })).toContain('2 were left out by functions.filter (mine)');
  expect(whyNothing(job, { read: 0, skipped: 0 })).toBe('nothing was published: the files hold no record');
});
