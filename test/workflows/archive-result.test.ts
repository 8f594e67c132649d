// What the result of a run says that has recorded no execution: what is left for the next one all the same.
import { describe, expect, it } from 'vitest';
import { plannedRun } from '../../activities/archive/plan-archive.ts';
import type { RunPlan } from '../../activities/archive/plan/plan-file.ts';
import type { KnownHistory } from '../../activities/archive/plan/plan-run.ts';
import { archiveResultLines } from '../../cli/archive-lines.ts';
import { archiveResult } from '../../workflows/archive/archive-result.ts';
import { newArchiveState } from '../../workflows/archive/archive-state.ts';
import { archiveJob, decided, planned } from '../support/acted-archive.ts';

const partition = (topic: string, number: number, start: string, stable: string) => ({
  ...{
    kind: 'partition',
    topic,
    partition: number,
    leader: '1',
    start,
    to: start,
    stable,
    latest: stable,
    missing: [],
  },
});
const PLAN = {
  head: { plannedAt: 1, remarks: [], moreRemarks: 0 },
  partitions: [partition('stuck', 0, '5', '9000'), partition('stuck', 1, '7', '8'), partition('t', 0, '9', '9')],
  pulls: [],
  problems: [{ topic: 'stuck', message: 'stuck: recreated' }],
} as unknown as RunPlan;
const HISTORY = {
  complete: new Map(),
  offsets: new Map(PLAN.partitions.map((each) => [`${each.topic}-${each.partition}`, { next: BigInt(each.start) }])),
} as unknown as KnownHistory;

describe('a run with nothing new but a topic that failed', () => {
  const told = plannedRun(PLAN, HISTORY);
  const result = archiveResult({ ...newArchiveState(archiveJob, 0), planned: told });

  it('says how many offsets wait, and where most of them are', () => {
    expect(told).toMatchObject({ nothingNew: true, offsets: '0' });
    expect(result).toMatchObject({
      execution: undefined,
      offsetsLeft: '8996',
      lag: { topic: 'stuck', partition: 0, records: '8995' },
    });
  });

  it('does not say for people that there is nothing new', () => {
    const lines = archiveResultLines(result);
    expect(lines[0]).toBe('nothing archived of 2 topics: what is new has a problem');
    expect(lines).toContainEqual(
      expect.stringMatching(/^left for the next run: 8.996 offsets, most of them in stuck-0$/),
    );
  });
});

it('is what the decision leaves, where there is one; and nothing where an older release has planned', () => {
  const state = { ...newArchiveState(archiveJob, 0), planned };
  expect(archiveResult({ ...state, planned: { ...planned, offsetsLeft: '9' }, decided }).offsetsLeft).toBe('0');
  expect(archiveResult(state).offsetsLeft).toBe('0');
  expect(archiveResultLines(archiveResult(state))[0]).toBe('nothing new in 1 topic');
});
