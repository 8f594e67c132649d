// Who cancels behind the point of no return comes too late: the job says so, goes on to its end, and has succeeded.
// Before it, also while the job is paused, nothing is done any more. The workflows are the real ones; the test stands in
// for their steps, and so holds one while it cancels.
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { DecidedRun, DiscardInput, PlacedRun, PulledRanges } from '../../../activities/archive/steps.ts';
import type { ReplayJob } from '../../../activities/replay/job/replay-job.ts';
import { pauseSignal, resumeSignal } from '../../../workflows/run/messages.ts';
import { archiveJob, decided, planned, pulled } from '../../support/acted-archive.ts';
import { ActedWorkflow } from '../../support/acted-workflow.ts';
import { HeldStep, type ActedSteps } from '../../support/step-worker.ts';

let acted: ActedWorkflow;

beforeAll(async () => {
  acted = await ActedWorkflow.open(inject('stack').temporal, [
    ...['validateJob', 'readOffsets', 'commitOffsets', 'cleanStaging'],
    ...['validateArchive', 'recoverArchive', 'planArchive', 'pullArchive', 'decideArchive', 'placeArchive'],
    ...['tidyArchive', 'discardArchive'],
  ] as (keyof ActedSteps)[]);
});
afterAll(() => acted?.close());
beforeEach(() => acted.begin());

const common = { id: 'job', topic: 'events', staging: '/staging', rate: {}, searchAttributes: [] };
const tuning = { heartbeatTimeoutMs: 60_000, decodeConcurrency: 1, sliceMs: 1000, splitBytes: 1, mergeFanIn: 2 };
const replayJob = { ...common, tuning, offsetsOnly: true, offsets: { group: 'billing' } } as unknown as ReplayJob;

function archiveSteps(): { pull: HeldStep<PulledRanges>; decide: HeldStep<DecidedRun>; place: HeldStep<PlacedRun> } {
  const held = {
    pull: new HeldStep<PulledRanges>(),
    decide: new HeldStep<DecidedRun>(),
    place: new HeldStep<PlacedRun>(),
  };
  Object.assign(acted.steps, {
    validateArchive: async () => archiveJob,
    recoverArchive: async () => ({ finished: undefined, discarded: 0, remarks: [] }),
    planArchive: async () => planned,
    pullArchive: held.pull.run,
    decideArchive: held.decide.run,
    placeArchive: held.place.run,
    tidyArchive: async () => ({ pruned: 0 }),
    discardArchive: async () => undefined,
  } satisfies ActedSteps);
  return held;
}

/** The steps of a job that were asked to end early. */
async function cancelledSteps(handle: WorkflowHandle): Promise<unknown[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.activityTaskCancelRequestedEventAttributes);
}

it('a replay whose offsets are committed succeeds though it is cancelled', async () => {
  const clean = new HeldStep<void>();
  Object.assign(acted.steps, {
    validateJob: async () => replayJob,
    readOffsets: async () => ({ execution: 'then', partitions: 1, remarks: [] }),
    commitOffsets: async () => ({ kafka: 'committed', remarks: [] }) as never,
    cleanStaging: clean.run,
  } satisfies ActedSteps);
  const handle = await acted.start('replay');
  await clean.begun;
  await handle.cancel();
  await handle.signal(resumeSignal); // heard after the cancellation
  await acted.told(handle, 'running');
  clean.end();
  expect(await handle.result()).toMatchObject({ offsets: { kafka: 'committed' } });
  expect(await cancelledSteps(handle)).toEqual([]);
});

it('an archive that is being decided succeeds though it is cancelled, and each step still runs', async () => {
  const { pull, decide, place } = archiveSteps();
  const handle = await acted.start('archive');
  pull.end(pulled);
  await decide.begun;
  await handle.cancel();
  await handle.signal(resumeSignal);
  await acted.told(handle, 'running');
  decide.end(decided);
  place.end({ execution: 'now', files: 1 });
  expect(await handle.result()).toMatchObject({ execution: 'now', files: 1 });
  expect(await cancelledSteps(handle)).toEqual([]);
  expect(acted.seen.slice(-3)).toEqual(['decideArchive', 'placeArchive', 'tidyArchive']);
});

it('an archive that stands still behind its decision comes to its end when it is cancelled, and stands still no more', async () => {
  const { pull, decide, place } = archiveSteps();
  const handle = await acted.start('archive');
  pull.end(pulled);
  await decide.begun;
  await handle.signal(pauseSignal);
  decide.end(decided);
  await acted.told(handle, 'paused');
  await handle.cancel();
  await place.begun;
  await handle.signal(pauseSignal);
  await acted.told(handle, 'running');
  place.end({ execution: 'now', files: 1 });
  expect(await handle.result()).toMatchObject({ execution: 'now', files: 1 });
  expect(await cancelledSteps(handle)).toEqual([]);
});

it('an archive that was paused before it decided is cancelled, and leaves nothing', async () => {
  const { pull } = archiveSteps();
  const discarded: DiscardInput[] = [];
  Object.assign(acted.steps, {
    discardArchive: async (input) => void discarded.push(input),
  } satisfies ActedSteps);
  const handle = await acted.start('archive');
  await pull.begun;
  await handle.signal(pauseSignal);
  pull.end(pulled);
  await acted.told(handle, 'paused');
  await handle.cancel();
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(acted.seen.slice(-2)).toEqual(['pullArchive', 'discardArchive']);
  // It may be reset, and decide for files that a worker deletes which slept here.
  expect(discarded).toMatchObject([{ mayDecide: true }]);
});
