// The result of a job is made of what its steps found, with rates for those that have records to count.
import { describe, expect, it } from 'vitest';
import type { CommittedOffsets } from '../../../activities/replay/steps.ts';
import { replayResult } from '../../../workflows/replay/replay-result.ts';
import { newReplayState } from '../../../workflows/replay/replay-state.ts';
import { addText } from '../../../workflows/run/int64-text.ts';
import { replayJob } from '../../support/replay-job.ts';

const OFFSETS: CommittedOffsets = { zookeeper: 'none', kafka: 'none', group: undefined, offsets: [], remarks: ['c'] };

describe('a result', () => {
  it('of a whole job adds up its steps and gathers remarks in their order', () => {
    const state = newReplayState(replayJob(), 0);
    state.pins = { execution: '/exec/1', partitions: 1, remarks: ['a'] };
    state.listing = {
      fingerprint: 'f',
      files: 3,
      bytes: '12345678901234567890',
      splits: 2,
      partitions: 1,
      leftOut: [{ reason: 'r', files: 1, examples: ['/x'] }],
      remarks: ['b'],
    };
    state.decoded = { ...state.decoded, read: 1_000, skipped: 1, outOfRange: 2, clamped: 3, timeUnits: ['micros'] };
    state.catalogue = {
      records: '997',
      sections: 2,
      overlap: 1,
      passes: 0,
      firstTime: '-5',
      lastTime: '7',
      largestRecord: 100,
    };
    state.published.records = '997';
    state.seconds = { decode: 2, publish: 0.5, verify: 0.123456 };
    const partitions = [
      { partition: 0, records: '997', firstOffset: '0', lastOffset: '1000', aborted: '0', abortedRanges: [] },
    ];
    expect(replayResult(state, { partitions, morePartitions: 0 }, OFFSETS, 90_000)).toMatchObject({
      job: 'replay-events/run-1',
      topic: 'events',
      replayTopic: 'events_REPLAY',
      files: 3,
      bytes: '12345678901234567890',
      leftOut: [{ reason: 'r' }],
      records: { read: 1_000, published: '997', skipped: 1, outOfRange: 2, clampedTimes: 3 },
      sorting: { by: 'whole', windows: 0, staged: 0 },
      firstTime: '-5',
      lastTime: '7',
      timeUnit: 'micros',
      partitions,
      startedAt: '1970-01-01T00:00:00.000Z',
      endedAt: '1970-01-01T00:01:30.000Z',
      execution: '/exec/1',
      remarks: ['a', 'b', 'c'],
      steps: {
        decode: { seconds: 2, recordsPerSecond: 500 },
        publish: { seconds: 0.5, recordsPerSecond: 1994 },
        verify: { seconds: 0.123 },
      },
    });
  });

  it('of a job for offsets alone names no replay topic and no files', () => {
    const job = replayJob({ archive: { exec: '/x' }, offsetsOnly: true, offsets: { group: 'g' } });
    expect(replayResult(newReplayState(job, 0), undefined, OFFSETS, 0)).toMatchObject({
      replayTopic: undefined,
      files: 0,
      bytes: '0',
      partitions: [],
      execution: undefined,
    });
  });

  it('remarks records of interrupted transactions, and where they are, however many partitions have some', () => {
    const partitions = Array.from({ length: 12 }, (_, partition) => ({
      partition,
      records: '9',
      firstOffset: '0',
      lastOffset: '20',
      aborted: partition === 0 ? '0' : '1000',
      abortedRanges: [],
    }));
    const { remarks } = replayResult(newReplayState(replayJob(), 0), { partitions, morePartitions: 0 }, OFFSETS, 0);
    expect(remarks).toHaveLength(2);
    expect(remarks[0]).toMatch(/^11 000 records of interrupted .* partition 1, 2, .*, 10 and 1 more, .*uncommitted/);
    const [undisturbed] = partitions;
    const quiet = replayResult(
      newReplayState(replayJob(), 0),
      { partitions: [undisturbed!], morePartitions: 0 },
      OFFSETS,
      0,
    );
    expect(quiet.remarks).toEqual(['c']);
  });
});

it('decimal texts are added beyond 2^53', () => {
  expect(addText('9007199254740993', '9007199254740993')).toBe('18014398509481986');
});
