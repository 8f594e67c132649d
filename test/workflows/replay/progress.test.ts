// How far a replay is: a rate and a time left are told of one that runs, and of no other; of one with windows, which is in
// hand, and how they go.
import { expect, it } from 'vitest';
import { progressOf, type ReplayStatus } from '../../../workflows/replay/progress.ts';
import { progressDetails } from '../../../workflows/replay/progress-details.ts';
import { newReplayState, type StagedWindowState } from '../../../workflows/replay/replay-state.ts';
import { replayJob } from '../../support/replay-job.ts';

function publishing(status: ReplayStatus) {
  const state = newReplayState(replayJob(), 0);
  state.step = 'publish';
  state.catalogue = { records: '1000', sections: 1, overlap: 1, passes: 0, largestRecord: 1 } as never;
  state.published = { records: '400', bytes: '0', transactions: 1, recordsPerSecond: 50 };
  return progressOf(state, status, 10_000);
}

it('a replay that publishes has the rate of its last slice, and the time left at that', () => {
  expect(publishing('running')).toMatchObject({ recordsPerSecond: 50, secondsLeft: 12 });
});

it.each<ReplayStatus>(['pausing', 'paused', 'cancelling', 'cancelled', 'done'])('one that is %s has none', (status) => {
  const { recordsPerSecond, secondsLeft } = publishing(status);
  expect({ recordsPerSecond, secondsLeft }).toEqual({ recordsPerSecond: undefined, secondsLeft: undefined });
});

function withWindows(staged?: StagedWindowState) {
  const state = newReplayState(replayJob(), 0);
  state.step = 'publish';
  state.window = 6;
  state.published = { records: '400', bytes: '0', transactions: 1, recordsPerSecond: 50 };
  state.decoded.bytesRead = '250';
  state.listing = {
    bytes: '1000',
    splits: 40,
    windows: {
      count: 24,
      at: 0,
      largestBytes: '12582912',
      memoryPerByte: 4,
      direct: 23,
      largestStagedBytes: '1610612736',
    },
  } as never;
  if (staged !== undefined) state.staged = staged;
  return progressOf(state, 'running', 10_000);
}

it('a replay by windows tells the one in hand, how many go through memory, and the largest of either kind', () => {
  const progress = withWindows();
  expect(progress.windows).toEqual({
    at: 7,
    of: 24,
    direct: 23,
    largestBytes: '12582912',
    largestStagedBytes: '1610612736',
    staging: undefined,
  });
  expect(progress.secondsLeft).toBe(24);
  const details = progressDetails(progress);
  expect(details).toContain('| Window | 7 of 24 (29.2 %) |');
  expect(details).toContain(
    '| Windows | 23 of 24 through memory, the largest 12.0 MiB; others through staging, the largest 1.5 GiB |',
  );
});

it('one whose window goes through staging tells how much of that is sorted, and no time left', () => {
  const progress = withWindows({ number: 6, firstSplit: 20, endSplit: 28, nextSplit: 25, sorted: 3, mergeLevel: 0 });
  expect(progress.windows?.staging).toEqual({ sorted: 3, of: 8 });
  expect(progress.secondsLeft).toBeUndefined();
  expect(progressDetails(progress)).toContain('1.5 GiB: 3 of 8 splits sorted |');
});
