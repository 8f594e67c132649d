// A worker dies with a step that is to be cancelled, or a broker is away at that moment: Temporal tries nothing again that
// is to be cancelled, and the job goes on all the same, or is cancelled. The workflows are the real ones; the test stands
// in for their steps.
import { ApplicationFailure, Context } from '@temporalio/activity';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { ReplayJob } from '../../../activities/replay/job/replay-job.ts';
import type { PublishedSlice } from '../../../activities/replay/steps.ts';
import { pauseSignal, rateSignal, resumeSignal } from '../../../workflows/run/messages.ts';
import { ActedWorkflow } from '../../support/acted-workflow.ts';
import { HeldStep, type ActedSteps } from '../../support/step-worker.ts';

let acted: ActedWorkflow;

beforeAll(async () => {
  acted = await ActedWorkflow.open(inject('stack').temporal, [
    ...(['validateJob', 'readOffsets', 'listFiles', 'claimReplayTopic', 'catalogueSorted', 'mergePublish'] as const),
    ...(['verifyReplay', 'commitOffsets', 'cleanStaging'] as const),
  ]);
});
afterAll(() => acted?.close());

const job = {
  ...{ id: 'job', topic: 'events', staging: '/staging', rate: {}, searchAttributes: [], offsets: {} },
  tuning: { heartbeatTimeoutMs: 60_000, decodeConcurrency: 1, sliceMs: 1000, splitBytes: 1, mergeFanIn: 2 },
  replayTopic: { name: 'events-replay' },
} as unknown as ReplayJob;
const slice: PublishedSlice = { published: '9', done: true, records: 9, bytes: '9', transactions: 1, seconds: 1 };

/** A step that fails in the moment in which it hears that it is to end. */
class FailsWhenCancelled {
  readonly #held = new HeldStep<PublishedSlice>();
  readonly begun = this.#held.begun;
  readonly #error: Error;
  #calls = 0;

  constructor(error: Error) {
    this.#error = error;
  }

  readonly run = async (): Promise<PublishedSlice> => {
    this.#calls += 1;
    if (this.#calls > 1) return slice;
    void this.#held.run();
    const beats = setInterval(() => Context.current().heartbeat(), 20);
    return Context.current()
      .cancelled.finally(() => clearInterval(beats))
      .catch(() => Promise.reject(this.#error));
  };

  get calls(): number {
    return this.#calls;
  }
}

let publish: FailsWhenCancelled;

function publishing(error: Error): void {
  publish = new FailsWhenCancelled(error);
  acted.begin({
    validateJob: async () => job,
    readOffsets: async () => ({ execution: 'then', partitions: 1, remarks: [] }),
    listFiles: async () => ({
      ...{ fingerprint: 'f', files: 0, bytes: '0', splits: 0, partitions: 1, leftOut: [], remarks: [] },
    }),
    claimReplayTopic: async () => ({ topic: 'events-replay', partitions: 1, created: true, maxMessageBytes: 1 }),
    catalogueSorted: async () => ({
      ...{ records: '9', sections: 1, overlap: 1, passes: 0, firstTime: '0', lastTime: '9', largestRecord: 1 },
    }),
    mergePublish: publish.run,
    verifyReplay: async () => ({ partitions: [] }) as never,
    commitOffsets: async () => ({ kafka: 'none', remarks: [] }) as never,
    cleanStaging: async () => undefined,
  } satisfies ActedSteps);
}

beforeEach(() => publishing(new Error('a broker is away')));

it('a slice that fails while a new rate ends it is published again', async () => {
  const handle = await acted.start('replay');
  await publish.begun;
  await handle.signal(rateSignal, {});
  expect(await handle.result()).toMatchObject({ records: { published: '9' } });
  expect(publish.calls).toBe(2);
});

it('a slice that fails while the job is being paused leaves it paused, and resume goes on', async () => {
  const handle = await acted.start('replay');
  await publish.begun;
  await handle.signal(pauseSignal);
  await acted.told(handle, 'paused');
  expect(publish.calls).toBe(1);
  await handle.signal(resumeSignal);
  expect(await handle.result()).toMatchObject({ records: { published: '9' } });
});

it('a job whose step fails while it is cancelled is cancelled, and says how far it got', async () => {
  const handle = await acted.start('replay');
  await publish.begun;
  await handle.cancel();
  await expect(handle.result()).rejects.toMatchObject({
    cause: { name: 'CancelledFailure' },
  });
  const { status, memo } = await handle.describe();
  expect(status.name).toBe('CANCELLED');
  expect(memo?.['outcome']).toMatchObject({ status: 'cancelled', step: 'publish' });
});

it('a step that fails for good while it is cancelled fails the job with its reason', async () => {
  publishing(ApplicationFailure.nonRetryable('somebody else publishes', 'rewind.test'));
  const handle = await acted.start('replay');
  await publish.begun;
  await handle.cancel();
  await expect(handle.result()).rejects.toMatchObject({
    cause: { cause: { type: 'rewind.test', message: 'somebody else publishes' } },
  });
});
