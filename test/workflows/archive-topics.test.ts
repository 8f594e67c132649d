// The table of topics of an archive under way: what pulls have read counts, and what was decided replaces it.
import { expect, it } from 'vitest';
import { topicLagLines } from '../../cli/archive-lines.ts';
import type { ReplayStatusReport } from '../../cli/replay-status.ts';
import { statusLines } from '../../cli/status-lines.ts';
import { archiveDetails } from '../../workflows/archive/archive-details.ts';
import { archiveProgress } from '../../workflows/archive/archive-progress.ts';
import type { ArchiveState } from '../../workflows/archive/archive-state.ts';
import { addTopics } from '../../workflows/archive/topic-progress.ts';

const lags = [
  { topic: 'far', lag: '1000', complete: Date.UTC(2026, 10, 20) },
  { topic: 'near', lag: '10' },
];

function stateOf(planned: object = { topics: 2, lags }): ArchiveState {
  return {
    step: 'pull',
    job: { id: 'w/r', topic: '*', dest: '/dest', rate: {} },
    control: { paused: false, rate: {} },
    startedAt: 0,
    stepSince: 0,
    nextPull: 0,
    pulled: { pulls: 0, ranges: 0, records: '0', bytes: '0', files: 0, left: {} },
    planned,
    seconds: {},
  } as unknown as ArchiveState;
}
const progressOf = (state: ArchiveState) => archiveProgress(state, 'running', 10_000);

it('counts what pulls have read, of the topics that the plan has named', () => {
  const state = stateOf();
  addTopics(state, [
    { topic: 'far', offsets: '400', records: '200' },
    { topic: 'other', offsets: '9', records: '9' },
  ]);
  addTopics(state, [{ topic: 'far', offsets: '100', records: '100' }]);
  expect(progressOf(state).topicLags).toEqual([
    { topic: 'far', lag: '500', records: '300', recordsPerSecond: 30, completeTo: '2026-11-20T00:00:00.000Z' },
    { topic: 'near', lag: '10', records: '0', recordsPerSecond: 0, completeTo: undefined },
  ]);
});

it('tells what was decided once it is', () => {
  const state = stateOf();
  addTopics(state, [{ topic: 'far', offsets: '1000', records: '1000' }]);
  state.decided = { lags: [{ topic: 'far', lag: '3', complete: 5 }] } as NonNullable<ArchiveState['decided']>;
  expect(progressOf(state).topicLags).toMatchObject([
    { topic: 'far', lag: '3', records: '1000', completeTo: '1970-01-01T00:00:00.005Z' },
  ]);
});

it.each(['cancelling', 'cancelled'] as const)('counts nothing of a run that is %s before it decided', (status) => {
  const state = stateOf();
  addTopics(state, [{ topic: 'far', offsets: '400', records: '200' }]);
  const progress = archiveProgress(state, status, 10_000);
  expect(progress.topicLags[0]).toMatchObject({ lag: '1000', records: '0' });
  // It is never recorded.
  expect(progress.execution).toBeUndefined();
});

it('is shown by the Web UI and by the command, with how many topics are not', () => {
  const progress = progressOf(stateOf({ topics: 12, lags }));
  const details = archiveDetails(progress).split('\n');
  expect(details).toContain('| `far` | 1 000 | 0 | 2026-11-20T00:00:00.000Z |');
  expect(details).toContain('and 10 more topics, none further behind');
  expect(topicLagLines(progress)).toEqual([
    'topic  lag    records/s  complete up to',
    'far    1 000  0          2026-11-20T00:00:00.000Z',
    expect.stringMatching(/^near +10 +0/),
    'and 10 more topics, none further behind',
  ]);
});

it('is none of runs that an older worker has planned', () => {
  const progress = progressOf(stateOf({ topics: 2 }));
  expect(progress.topicLags).toEqual([]);
  expect(archiveDetails(progress)).not.toContain('Complete up to');
});

it('is told as thrown away by the status of a run that was cancelled', () => {
  const state = stateOf();
  state.pulled = { ...state.pulled, records: '674', files: 2 };
  const archive = archiveProgress(state, 'cancelled', 10_000);
  const report = { workflowId: 'w', kind: 'archive', workflowStatus: 'CANCELLED', waits: [], activities: [], archive };
  const lines = statusLines(report as unknown as ReplayStatusReport);
  expect(lines).toContainEqual(expect.stringMatching(/^thrown away +674 records in 2 files$/));
  expect(lines.filter((line) => /^(records|files|execution) /.test(line))).toEqual([]);
});
