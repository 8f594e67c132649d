// How far a replay is: a rate and a time left are told of one that runs, and of no other.
import { expect, it } from 'vitest';
import { progressOf, type ReplayStatus } from '../../../workflows/replay/progress.ts';
import { newReplayState } from '../../../workflows/replay/replay-state.ts';
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
