// The topics that a workflow knows by name: ten of any number, those that are furthest behind, with the time up to which
// they are archived.
import { expect, it } from 'vitest';
import type { DecidedPartition } from '../../../activities/archive/decision/decision.ts';
import type { RunPlan } from '../../../activities/archive/plan/plan-file.ts';
import { decidedLags, plannedLags } from '../../../activities/archive/topic-lags.ts';

const PLANNED = 1_000_000;
const partition = (topic: string, number: number, start: number, stable: number, looked = true) => ({
  kind: 'partition',
  topic,
  partition: number,
  leader: '1',
  ...(looked && { leaderAddress: 'b:9092' }),
  ...{ start: String(start), to: String(stable), stable: String(stable), latest: String(stable), missing: [] },
});
const plan = (...partitions: object[]) => ({ head: { plannedAt: PLANNED }, partitions }) as RunPlan;

it('are told by the sum of their partitions, and complete as the history says or as they have nothing new', () => {
  const planned = plan(
    partition('near', 0, 5, 6),
    partition('near', 1, 5, 6),
    partition('far', 0, 0, 9),
    partition('quiet', 0, 4, 4),
    partition('carried', 0, 4, 4, false),
  );
  expect(plannedLags(planned, new Map([['near', 77]]))).toEqual([
    { topic: 'far', lag: '9' },
    { topic: 'near', lag: '2', complete: 77 },
    { topic: 'carried', lag: '0' },
    { topic: 'quiet', lag: '0', complete: PLANNED },
  ]);
});

it('are ten of any number', () => {
  const many = Array.from({ length: 2000 }, (_, n) => partition(`t${n}`, 0, 0, n));
  const lags = plannedLags(plan(...many), new Map());
  expect(lags.map(({ lag }) => lag)).toEqual(Array.from({ length: 10 }, (_, n) => String(1999 - n)));
});

it('are those that a decision leaves behind, the largest numbers exactly', () => {
  const decided = (topic: string, next: string, complete?: number) =>
    ({ topic, partition: 0, next, ...(complete !== undefined && { complete }) }) as DecidedPartition;
  const stable = String(2n ** 63n - 1n);
  expect(decidedLags([decided('a', '1', 5), decided('b', stable, 6), decided('c', '9')], () => stable)).toEqual([
    { topic: 'a', lag: String(2n ** 63n - 2n), complete: 5 },
    { topic: 'c', lag: String(2n ** 63n - 10n) },
    { topic: 'b', lag: '0', complete: 6 },
  ]);
});
