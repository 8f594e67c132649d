// Offsets of a job of ranges move when all of it has succeeded, and nobody has cancelled it before. The workflow is the real
// one; the test stands in for its steps, and so holds one while it cancels.
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { RangesJob } from '../../../activities/ranges/job/ranges-job.ts';
import type { FinishedRanges, MovedOffsets, PlannedRanges } from '../../../activities/ranges/steps.ts';
import { pauseSignal, resumeSignal } from '../../../workflows/run/messages.ts';
import { ActedWorkflow } from '../../support/acted-workflow.ts';
import { HeldStep } from '../../support/step-worker.ts';

let acted: ActedWorkflow;

beforeAll(async () => {
  acted = await ActedWorkflow.open(inject('stack').temporal, [
    ...(['validateRanges', 'planRanges', 'runRange', 'finishRanges', 'moveOffsets', 'cleanRanges'] as const),
  ]);
});
afterAll(() => acted?.close());

const group = (number: number): string => `${'g'.repeat(200)}-${number}`;
const job = {
  ...{ id: 'job', topic: 'events', staging: '/staging', rate: {}, concurrency: 2, finish: 'sum' },
  inputs: Array.from({ length: 12 }, (_, number) => ({ topic: 'events', group: group(number), function: 'f' })),
  retry: { attempts: 1, initialSeconds: 1, maximumSeconds: 1 },
  searchAttributes: [],
  tuning: { heartbeatTimeoutMs: 60_000 },
} as unknown as RangesJob;
const planned: PlannedRanges = {
  ...{ topics: 1, partitions: 1, ranges: 3, offsets: '9', bytes: '9', offsetsLeft: '0', nothingNew: false },
  remarks: [],
};
const finished: FinishedRanges = { result: '{"count":9}', moreSummaries: 0, remarks: [] };
const moved: MovedOffsets = { groups: [], remarks: [] };

let finish: HeldStep<FinishedRanges>;
let move: HeldStep<MovedOffsets>;
beforeEach(() => {
  finish = new HeldStep();
  move = new HeldStep();
  acted.begin({
    validateRanges: async () => job,
    planRanges: async () => planned,
    runRange: async ({ range }) => ({ range, records: '3', bytes: '3', left: {}, seconds: 0 }),
    finishRanges: finish.run,
    moveOffsets: move.run,
    cleanRanges: async () => undefined,
  });
});

it('one that is cancelled while finish ends moves no offset', async () => {
  const handle = await acted.start('ranges');
  await finish.begun;
  await handle.cancel();
  await acted.told(handle, 'cancelling');
  finish.end(finished);
  move.end(moved);
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(acted.seen.slice(-1)).toEqual(['finishRanges']);
});

it('one whose offsets move succeeds though it is cancelled', async () => {
  const handle = await acted.start('ranges');
  finish.end(finished);
  await move.begun;
  await handle.cancel();
  await handle.signal(resumeSignal);
  await acted.told(handle, 'running');
  move.end(moved);
  expect(await handle.result()).toMatchObject({ ranges: 3, records: '9', finished: { count: 9 } });
  expect(acted.seen.slice(-2)).toEqual(['moveOffsets', 'cleanRanges']);
});

it('one that stands still behind the move comes to its end when it is cancelled', async () => {
  const handle = await acted.start('ranges');
  finish.end(finished);
  await move.begun;
  await handle.signal(pauseSignal);
  move.end(moved);
  await acted.told(handle, 'paused');
  await handle.cancel();
  expect(await handle.result()).toMatchObject({ ranges: 3 });
  expect(acted.seen.slice(-2)).toEqual(['moveOffsets', 'cleanRanges']);
});

it('one that was paused before its offsets moved is cancelled, or goes on', async () => {
  const handle = await acted.start('ranges');
  await finish.begun;
  await handle.signal(pauseSignal);
  finish.end(finished);
  move.end(moved);
  await acted.told(handle, 'paused');
  await handle.cancel();
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(acted.seen).not.toContain('moveOffsets');
  const other = await acted.start('ranges');
  await other.signal(pauseSignal);
  await acted.told(other, 'paused');
  await other.signal(resumeSignal);
  expect(await other.result()).toMatchObject({ ranges: 3 });
});

it('one of whose ranges fails for good calls no finish, and moves no offset', async () => {
  acted.steps.runRange = async ({ range }) => {
    if (range === 1) throw ApplicationFailure.nonRetryable('no such table', 'rewind.job.function-failed');
    return { range, records: '3', bytes: '3', left: {}, seconds: 0 };
  };
  const handle = await acted.start('ranges');
  await expect(handle.result()).rejects.toMatchObject({ cause: { cause: { message: 'no such table' } } });
  expect(acted.seen).not.toContain('finishRanges');
  expect(acted.seen).not.toContain('moveOffsets');
});

it('names its groups to who searches, as far as a search attribute has room', async () => {
  const handle = await acted.start('ranges');
  finish.end(finished);
  move.end(moved);
  await handle.result();
  // The same text is the search attribute RewindGroup, a keyword, where the server has that.
  const { groups } = (await handle.describe()).memo as { groups: string };
  expect(groups).toContain(group(0));
  expect(groups.length).toBeLessThanOrEqual(255);
});
