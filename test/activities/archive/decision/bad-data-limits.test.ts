// How much bad data a run may skip: of each topic by itself, and of all that are left, before anything is placed.
import { expect, it } from 'vitest';
import { overLimit } from '../../../../activities/archive/decision/bad-data-limits.ts';
import type { BadDataLimits } from '../../../../activities/log/bad-data-limits.ts';
import type { PulledRange } from '../../../../activities/archive/pull/pull-report.ts';

const range = (topic: string, records: number, left: Record<string, number> = {}, partition = 0): PulledRange => ({
  ...({ kind: 'range', from: '0', to: '1', next: '1', bytes: 0 } as const),
  ...{ topic, partition, records, left },
});
const judged = (
  ranges: PulledRange[],
  topicLimitPercent: number,
  limitPercent: number,
  more: Partial<BadDataLimits> = {},
) =>
  overLimit(ranges, {
    badData: { limitPercent, topicLimitPercent, ...more },
  });

it('leaves out a topic above its limit, and judges the run by the others', () => {
  const { topics, run } = judged(
    [range('bad', 5, { corrupt: 6 }), range('good', 999, { frame: 1 }), range('fine', 10)],
    50,
    0.1,
  );
  expect([...topics.keys()]).toEqual(['bad']);
  expect(topics.get('bad')).toContain('6 of 11 records');
  expect(run).toBeUndefined();
});

it('adds up the partitions and the reasons of a topic, and takes a limit that is just reached', () => {
  const ranges = (more: number): PulledRange[] => [
    range('t', 90, { corrupt: 3, time: 2 }),
    range('t', 0, { schema: 4, frame: more }, 1),
  ];
  expect(judged(ranges(1), 10, 100)).toEqual({ topics: new Map(), run: undefined });
  expect([...judged(ranges(2), 10, 100).topics.keys()]).toEqual(['t']);
});

it('ends the run where what is left is above the limit of all, and says so', () => {
  const { topics, run } = judged([range('a', 98, { delimiter: 1 }), range('b', 98, { corrupt: 3 })], 10, 1.9);
  expect(topics.size).toBe(0);
  expect(run).toContain('4 of 200 records');
});

it('counts nothing that is left out as it should be, and everything that it does not know', () => {
  const asItShouldBe = { tombstone: 50, old: 50, aborted: 50, replayed: 50 };
  expect(judged([range('t', 1, asItShouldBe)], 0, 0)).toEqual({ topics: new Map(), run: undefined });
  expect(judged([range('t', 99, { 'of a later release': 1 })], 0.5, 0).topics.size).toBe(1);
});

it('judges single reasons by all records, and names the one that is passed', () => {
  const ranges = [range('a', 96, { 'unknown-schema': 1, corrupt: 2, tombstone: 9 }), range('b', 0, { corrupt: 1 })];
  const passed = (limits: NonNullable<BadDataLimits['limits']>) => judged(ranges, 100, 100, { limits }).run;
  expect(passed({ corrupt: 3, 'unknown-schema': 1, frame: 0 })).toBeUndefined();
  expect(passed({ corrupt: 2.9, 'unknown-schema': 1 })).toContain(
    "3 of 100 records can't be archived (corrupt), more than badData.limits.corrupt (2.9)",
  );
  expect(passed({ corrupt: 3, 'unknown-schema': 0 })).toContain('badData.limits.unknown-schema (0)');
});

it('takes a few bad records at the end of a quiet topic for what they are, whatever their share', () => {
  const few = { limitsFrom: 51 };
  expect(judged([range('quiet', 0, { frame: 50 })], 10, 0.1, few)).toEqual({ topics: new Map(), run: undefined });
  expect([...judged([range('quiet', 1, { frame: 51 })], 10, 0.1, few).topics.keys()]).toEqual(['quiet']);
  const both = [range('a', 300, { frame: 26 }), range('b', 300, { frame: 25 })];
  expect(judged(both, 10, 0.1, few).run).toContain('51 of 651 records');
  expect(judged(both, 10, 0.1, { limitsFrom: 52 }).run).toBeUndefined();
});

it('allows none where a limit is 0, however few there are', () => {
  const quiet = [range('quiet', 99, { frame: 1 })];
  expect(judged(quiet, 0, 100, { limitsFrom: 100 }).topics.size).toBe(1);
  expect(judged(quiet, 100, 0, { limitsFrom: 100 }).run).toContain('limitPercent (0)');
  expect(judged(quiet, 100, 100, { limitsFrom: 100, limits: { frame: 0 } }).run).toContain('limits.frame (0)');
});

it('judges a run that was begun before there were limits for reasons as it was', () => {
  const badData = { limitPercent: 100, topicLimitPercent: 10 };
  expect(overLimit([range('t', 5, { frame: 1 })], { badData }).topics.size).toBe(1);
});
