// What gauges tell of a topic: how far it is behind, and up to when it is archived for certain.
import { expect, it } from 'vitest';
import type { AcceptedPartition } from '../../../activities/archive/decision/accept-ranges.ts';
import type { PlannedPartition, RunPlan } from '../../../activities/archive/plan/plan-file.ts';
import { MOST_TOPICS, tellDecided, tellPlanned } from '../../../activities/archive/topic-gauges.ts';

const PLANNED = 1_800_000_000_000;

function planOf(partitions: { topic: string; start: number; stable: number }[], problems: string[] = []): RunPlan {
  return {
    head: {
      kind: 'head',
      version: 1,
      job: 'a/1',
      execution: 'e',
      plannedAt: PLANNED,
      horizon: 1e15,
      remarks: [],
      moreRemarks: 0,
    },
    schemas: [],
    partitions: partitions.map(({ topic, start, stable }, partition): PlannedPartition => ({
      kind: 'partition',
      topic,
      partition,
      leader: '1',
      leaderAddress: 'broker:9092',
      start: String(start),
      to: String(stable),
      stable: String(stable),
      latest: String(stable),
      missing: [],
    })),
    pulls: [],
    problems: problems.map((topic) => ({ kind: 'problem', topic, message: 'no leader' })),
  };
}

/** Gauges by name and topic, as they were told last. */
function told(
  tell: (metrics: { gauge: (g: { name: string }, value: number, tags?: Record<string, string>) => void }) => void,
) {
  const gauges: Record<string, number> = {};
  tell({
    gauge: ({ name }, value, tags) =>
      void (gauges[`${name.replace('rewind_archive_', '')} ${tags?.['topic']}`] = value),
  });
  return gauges;
}

it('adds up the partitions of a topic, and takes one without anything new for complete', () => {
  const plan = planOf([
    { topic: 'a', start: 0, stable: 10 },
    { topic: 'a', start: 5, stable: 7 },
    { topic: 'b', start: 3, stable: 3 },
  ]);
  expect(told((metrics) => tellPlanned(metrics, plan))).toEqual({
    'lag a': 12,
    'lag b': 0,
    'complete b': PLANNED / 1000,
  });
});

it('takes no topic for complete that could not be asked', () => {
  const plan = planOf([{ topic: 'a', start: 3, stable: 3 }], ['a']);
  expect(told((metrics) => tellPlanned(metrics, plan))).toEqual({ 'lag a': 0 });
});

it('tells what a decision left behind, and the newest record', () => {
  const plan = planOf([
    { topic: 'a', start: 0, stable: 10 },
    { topic: 'b', start: 0, stable: 10 },
  ]);
  const accepted = plan.partitions.map((partition): AcceptedPartition => ({
    partition,
    next: partition.topic === 'a' ? 10n : 4n,
    problem: undefined,
    ranges: [
      {
        kind: 'range',
        topic: partition.topic,
        partition: 0,
        from: '0',
        to: '10',
        next: '4',
        records: 4,
        bytes: 4,
        left: {},
        lastTime: 9_000,
      },
    ],
  }));
  expect(told((metrics) => tellDecided(metrics, plan, accepted))).toEqual({
    'lag a': 0,
    'newest a': 9,
    'complete a': PLANNED / 1000,
    'lag b': 6,
    'newest b': 9,
    'complete b': 9,
  });
});

it('takes a topic for complete up to where its slowest partition came, however far the others are', () => {
  const plan = planOf([
    { topic: 'a', start: 0, stable: 10 },
    { topic: 'a', start: 0, stable: 10 },
    { topic: 'b', start: 0, stable: 10 },
    { topic: 'b', start: 0, stable: 10 },
  ]);
  const [first, second, third, fourth] = plan.partitions;
  const reached = (partition: PlannedPartition, next: bigint, lastTime?: number): AcceptedPartition => ({
    partition,
    next,
    problem: undefined,
    ranges:
      lastTime === undefined
        ? []
        : [
            {
              kind: 'range',
              topic: partition.topic,
              partition: partition.partition,
              from: '0',
              to: '10',
              next: String(next),
              records: 1,
              bytes: 1,
              left: {},
              lastTime,
            },
          ],
  });
  const accepted = [
    reached(first!, 4n, 7_000),
    reached(second!, 10n, 90_000),
    reached(third!, 10n, 90_000),
    reached(fourth!, 0n),
  ];
  const gauges = told((metrics) => tellDecided(metrics, plan, accepted));
  expect(gauges['complete a']).toBe(7);
  expect(gauges).not.toHaveProperty('complete b');
});

it('takes no topic for complete of which an open transaction holds records back, but up to the newest that was taken', () => {
  const plan = planOf([
    { topic: 'a', start: 3, stable: 3 },
    { topic: 'b', start: 3, stable: 5 },
  ]);
  for (const partition of plan.partitions) partition.latest = '20';
  expect(told((metrics) => tellPlanned(metrics, plan))).toEqual({ 'lag a': 0, 'lag b': 2 });
  const [, held] = plan.partitions;
  const of = { kind: 'range', topic: 'b', partition: 1, from: '3', to: '5', next: '5', records: 2, bytes: 2 } as const;
  const taken = { partition: held!, next: 5n, problem: undefined, ranges: [{ ...of, left: {}, lastTime: 7_000 }] };
  expect(told((metrics) => tellDecided(metrics, plan, [taken]))).toMatchObject({ 'complete b': 7 });
});

it('takes no topic for complete of which a partition was only carried over', () => {
  const plan = planOf([{ topic: 'a', start: 3, stable: 3 }]);
  delete plan.partitions[0]!.leaderAddress;
  expect(told((metrics) => tellPlanned(metrics, plan))).toEqual({ 'lag a': 0 });
});

it('bounds the topics that have gauges of their own', () => {
  const many = Array.from({ length: MOST_TOPICS + 5 }, (_, n) => ({ topic: `t${10_000 + n}`, start: 0, stable: 2 }));
  const gauges = told((metrics) => tellPlanned(metrics, planOf(many)));
  expect(Object.keys(gauges)).toHaveLength(MOST_TOPICS + 1);
  expect(gauges['lag (others)']).toBe(10);
});
