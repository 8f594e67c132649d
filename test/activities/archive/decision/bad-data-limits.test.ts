// How much bad data a run may skip: of each topic by itself, and of all that are left, before anything is placed.
import { describe, expect, it } from 'vitest';
import { overLimit } from '../../../../activities/archive/decision/bad-data-limits.ts';
import type { BadDataLimits } from '../../../../activities/log/bad-data-limits.ts';
import type { PulledError, PulledRange } from '../../../../activities/archive/pull/pull-report.ts';

const range = (topic: string, records: number, left: Record<string, number> = {}, partition = 0): PulledRange => ({
  ...({ kind: 'range', from: '0', to: '1', next: '1', bytes: 0 } as const),
  ...{ topic, partition, records, left },
});
const judged = (
  ranges: PulledRange[],
  topicLimitPercent: number,
  limitPercent: number,
  more: Partial<BadDataLimits> = {},
  errors: PulledError[] = [],
) => overLimit(ranges, errors, { badData: { limitPercent, topicLimitPercent, ...more } });
const leftOut = (...of: Parameters<typeof judged>): string[] => [...judged(...of).keys()];

it('leaves out a topic above its limit, and judges all by the others', () => {
  const topics = judged(
    [range('bad', 5, { corrupt: 6 }), range('good', 999, { frame: 1 }), range('fine', 10)],
    50,
    0.1,
  );
  expect([...topics.keys()]).toEqual(['bad']);
  expect(topics.get('bad')).toContain("6 of 11 records can't be archived; badData.topicLimitPercent (50) allows fewer");
});

it('adds up the partitions and the reasons of a topic, and takes a limit that is just reached', () => {
  const ranges = (more: number): PulledRange[] => [
    range('t', 90, { corrupt: 3, time: 2 }),
    range('t', 0, { schema: 4, frame: more }, 1),
  ];
  expect(leftOut(ranges(1), 10, 100)).toEqual([]);
  expect(leftOut(ranges(2), 10, 100)).toEqual(['t']);
});

it('counts nothing that is left out as it should be, and everything that it does not know', () => {
  const asItShouldBe = { tombstone: 50, old: 50, aborted: 50, replayed: 50 };
  expect(leftOut([range('t', 1, asItShouldBe)], 0, 0)).toEqual([]);
  expect(leftOut([range('t', 99, { 'of a later release': 1 })], 0.5, 0)).toEqual(['t']);
});

describe('above a limit of all records', () => {
  it('leaves out the worst topic, and archives the others', () => {
    const topics = judged(
      [range('good', 9000), range('large', 950, { corrupt: 50 }), range('fair', 9999, { frame: 1 })],
      10,
      0.1,
    );
    expect([...topics.keys()]).toEqual(['large']);
    expect(topics.get('large')).toContain(
      "large: 50 of 1000 records can't be archived; with them it would be 51 of 20000 of the run, more than badData.limitPercent (0.1) allows",
    );
  });

  it('counts nothing of topics above their own limit', () => {
    const topics = judged([range('bad', 5, { corrupt: 6 }), range('large', 950, { corrupt: 50 })], 50, 0.1);
    expect([...topics.keys()]).toEqual(['bad', 'large']);
    expect(topics.get('bad')).toContain('topicLimitPercent');
    expect(topics.get('large')).toContain('50 of 1000 of the run');
  });

  it('leaves out one after the other, the worst first, until the rest is within it', () => {
    const ranges = [
      range('a', 980, { delimiter: 20 }),
      range('b', 970, { corrupt: 30 }),
      range('c', 990, { frame: 10 }),
    ];
    expect(leftOut(ranges, 10, 1.9)).toEqual(['b']);
    expect(leftOut(ranges, 10, 1)).toEqual(['a', 'b']);
    expect(leftOut(ranges, 10, 0.9)).toEqual(['c', 'a', 'b']);
  });

  it('takes one back that was left out for nothing, as a milder one was the matter', () => {
    const ranges = [range('small', 91, { frame: 9 }), range('large', 95_000, { corrupt: 5000 }), range('good', 10_000)];
    expect(leftOut(ranges, 10, 0.1)).toEqual(['large']);
  });

  it('leaves quiet topics with few bad records alone, as long as that is enough', () => {
    const quiet = range('quiet', 1, { frame: 50 });
    const few = { limitsFrom: 51 };
    expect(leftOut([quiet, range('loud', 9000, { frame: 60 }), range('good', 60_000)], 100, 0.1, few)).toEqual([
      'loud',
    ]);
    expect(leftOut([quiet, range('fair', 60_000, { frame: 60 })], 100, 0.1, few)).toEqual(['quiet']);
  });

  it('leaves a topic out by itself, too, where it is the only one', () => {
    expect(leftOut([range('t', 98, { frame: 2 })], 10, 1)).toEqual(['t']);
  });

  it('judges single reasons, names the one that is passed, and goes by the topics that have it', () => {
    const ranges = [range('a', 96, { 'unknown-schema': 1, corrupt: 2, tombstone: 9 }), range('b', 0, { corrupt: 1 })];
    const passed = (limits: NonNullable<BadDataLimits['limits']>) => judged(ranges, 100, 100, { limits });
    expect(passed({ corrupt: 3, 'unknown-schema': 1, frame: 0 }).size).toBe(0);
    expect(passed({ corrupt: 2.9, 'unknown-schema': 1 }).get('b')).toContain(
      'with them it would be 3 of 100 of the run (corrupt), more than badData.limits.corrupt (2.9) allows',
    );
    const worse = range('b', 791, { 'unknown-schema': 9, corrupt: 200 });
    const topics = [range('a', 990, { 'unknown-schema': 10 }), worse, range('c', 1000)];
    expect(leftOut(topics, 100, 100, { limits: { 'unknown-schema': 0.5 } })).toEqual(['a']);
  });
});

describe('the reason of a topic that is left out', () => {
  const errorOf = (topic: string, offset: number, reason: string): PulledError => ({
    ...({ kind: 'error', topic, partition: 0, offset: String(offset) } as const),
    message: `${topic}-0, offset ${offset}: ${reason}: not what it should be`,
  });
  const errors = [
    errorOf('other', 1, 'frame'),
    ...[3, 4, 5, 6].map((offset) => errorOf('t', offset, 'frame')),
    errorOf('t', 7, 'corrupt'),
    {
      ...errorOf('t', 9, ''),
      message: 't-0: 5 more bad records up to offset 9, counted by their reasons in rewind.json',
    },
  ];

  it('has its first errors, as they are written nowhere else', () => {
    const why = judged([range('t', 90, { frame: 20 })], 10, 100, {}, errors).get('t')!;
    const told = [3, 4, 5].map((offset) => `t-0, offset ${offset}: frame: not what it should be`);
    expect(why).toContain(`Such as: ${told.join('; ')}. Mend its schema`);
  });

  it('has those of the reason whose limit is passed', () => {
    const limits = { corrupt: 0 };
    const why = judged([range('t', 90, { frame: 20, corrupt: 1 })], 100, 100, { limits }, errors).get('t')!;
    expect(why).toContain('Such as: t-0, offset 7: corrupt: not what it should be. Mend');
  });
});

it('takes a few bad records at the end of a quiet topic for what they are, whatever their share', () => {
  const few = { limitsFrom: 51 };
  expect(leftOut([range('quiet', 0, { frame: 50 })], 10, 0.1, few)).toEqual([]);
  expect(leftOut([range('quiet', 1, { frame: 51 })], 10, 0.1, few)).toEqual(['quiet']);
  const both = [range('a', 300, { frame: 26 }), range('b', 300, { frame: 25 })];
  expect(leftOut(both, 10, 0.1, few)).toEqual(['a']);
  expect(leftOut(both, 10, 0.1, { limitsFrom: 52 })).toEqual([]);
});

it('allows none where a limit is 0, however few there are', () => {
  const quiet = [range('quiet', 99, { frame: 1 })];
  expect(judged(quiet, 0, 100, { limitsFrom: 100 }).size).toBe(1);
  expect(judged(quiet, 100, 0, { limitsFrom: 100 }).get('quiet')).toContain('limitPercent (0)');
  expect(judged(quiet, 100, 100, { limitsFrom: 100, limits: { frame: 0 } }).get('quiet')).toContain('limits.frame (0)');
});

it('judges a run that was begun before there were limits for reasons as it was', () => {
  const badData = { limitPercent: 100, topicLimitPercent: 10 };
  expect(overLimit([range('t', 5, { frame: 1 })], [], { badData }).size).toBe(1);
});
