// An archive that is cancelled, or fails, before it has decided is thrown away, whatever its steps were about, and not before
// all of them have ended; and its minutes begin when a worker comes to it. The workflow is the real one; the test stands in for its
// steps.
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { temporal } from '@temporalio/proto';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { DecideInput, PlannedRun, PulledRanges } from '../../../activities/archive/steps.ts';
import { archiveJob, decided, planned, pulled } from '../../support/acted-archive.ts';
import { ActedWorkflow } from '../../support/acted-workflow.ts';
import { HeldStep } from '../../support/step-worker.ts';

let acted: ActedWorkflow;

beforeAll(async () => {
  acted = await ActedWorkflow.open(inject('stack').temporal, [
    ...(['validateArchive', 'recoverArchive', 'planArchive', 'pullArchive', 'decideArchive', 'placeArchive'] as const),
    ...(['tidyArchive', 'discardArchive'] as const),
  ]);
});
afterAll(() => acted?.close());

let plan: HeldStep<PlannedRun>;
let pull: HeldStep<PulledRanges>;
let begun: number | undefined;
beforeEach(() => {
  plan = new HeldStep();
  pull = new HeldStep();
  begun = undefined;
  acted.begin({
    validateArchive: async () => archiveJob,
    recoverArchive: async () => ({ finished: undefined, discarded: 0, remarks: [] }),
    planArchive: plan.run,
    pullArchive: pull.run,
    decideArchive: async (input: DecideInput) => {
      begun = input.begun;
      return decided;
    },
    placeArchive: async () => ({ execution: 'now', files: 1 }),
    tidyArchive: async () => ({ pruned: 0 }),
    discardArchive: async () => undefined,
  });
});

it('one that is cancelled while its last pull ends well decides nothing', async () => {
  plan.end(planned);
  const handle = await acted.start('archive');
  await pull.begun;
  await handle.cancel();
  await acted.told(handle, 'cancelling');
  pull.end(pulled);
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(acted.seen.slice(-2)).toEqual(['pullArchive', 'discardArchive']);
});

it('one that is cancelled while it finds nothing new leaves no plan behind', async () => {
  const handle = await acted.start('archive');
  await plan.begun;
  await handle.cancel();
  await acted.told(handle, 'cancelling');
  plan.end({ ...planned, pulls: 0, nothingNew: true });
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(acted.seen.slice(-2)).toEqual(['planArchive', 'discardArchive']);
});

it('one that is cancelled deletes its folder when none of its pulls is in hand any more', async () => {
  const failing = new HeldStep<void>();
  const inHand = new HeldStep<PulledRanges>();
  acted.steps.pullArchive = async ({ pull: number }) => {
    if (number === 1) return inHand.run();
    await failing.run();
    throw ApplicationFailure.create({ message: 'the broker is away' });
  };
  plan.end({ ...planned, pulls: 2 });
  const handle = await acted.start('archive');
  await Promise.all([failing.begun, inHand.begun]);
  await handle.cancel();
  await acted.told(handle, 'cancelling');
  failing.end();
  await expect.poll(() => heardOf(handle, (event) => event.activityTaskFailedEventAttributes)).toBe(true);
  inHand.end(pulled);
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  const events = await eventsOf(handle);
  const ended = events.findIndex(
    ({ activityTaskCompletedEventAttributes: of }) => of && stepOf(events, of.scheduledEventId) === 'pullArchive',
  );
  const discarding = events.findIndex((event) => nameOf(event) === 'discardArchive');
  expect(ended).toBeGreaterThan(0);
  expect(discarding).toBeGreaterThan(ended);
});

it.each(['ends well', 'fails for good as well'])(
  'one of whose pulls fails for good ends those in hand, and deletes its folder then: another %s',
  async (how) => {
    const failing = new HeldStep<void>();
    const inHand = new HeldStep<void>();
    const ended = new HeldStep<void>();
    acted.steps.pullArchive = async ({ pull: number }) => {
      if (number === 1) {
        await failing.run();
        throw ApplicationFailure.nonRetryable('no rights below DEST', 'rewind.connection.denied');
      }
      await endedEarly(inHand);
      await ended.run();
      if (how === 'ends well') return pulled;
      throw ApplicationFailure.nonRetryable('the folder is gone', 'rewind.job.staging-lost');
    };
    acted.steps.discardArchive = async () => void (whileInHand ||= !isOver);
    let [whileInHand, isOver] = [false, false];
    plan.end({ ...planned, pulls: 2 });
    const handle = await acted.start('archive');
    await Promise.all([failing.begun, inHand.begun]);
    failing.end();
    await ended.begun;
    // As long as it takes to end.
    await expect.poll(() => askedToEnd(handle)).toBe(true);
    isOver = true;
    ended.end();
    await expect(handle.result()).rejects.toMatchObject({
      cause: { cause: { type: 'rewind.connection.denied', message: 'no rights below DEST' } },
    });
    expect(whileInHand).toBe(false);
    expect(acted.seen.slice(-1)).toEqual(['discardArchive']);
  },
);

it('one whose pull has waited in vain for a broker tells those behind it which', async () => {
  const told: unknown[] = [];
  acted.steps.pullArchive = async ({ pull: number, away }) => {
    told[number] = away;
    return { ...pulled, pull: number, ...(number === 0 ? { away: [3, -1] } : { away: [3] }) };
  };
  acted.steps.validateArchive = async () => ({ ...archiveJob, ranges: { ...archiveJob.ranges, concurrency: 1 } });
  plan.end({ ...planned, pulls: 3 });
  const handle = await acted.start('archive');
  await handle.result();
  expect(told).toEqual([undefined, [3, -1], [3, -1]]);
});

it('the finishing of one that is cancelled ends so, also where its step fails meanwhile', async () => {
  const recover = new HeldStep<void>();
  acted.steps.recoverArchive = async () => {
    await recover.run();
    throw ApplicationFailure.create({ message: 'the NameNode is away' });
  };
  const handle = await acted.start('finishArchive');
  await recover.begun;
  await handle.cancel();
  await expect.poll(() => askedToEnd(handle)).toBe(true);
  recover.end();
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
});

it('one that a worker comes to late has all of its minutes', async () => {
  plan.end(planned);
  pull.end(pulled);
  // On a slow machine the steps up to the first pull take more than the first of these times: then there is a longer one.
  for (let seconds = 2; begun !== 1 && seconds <= 32; seconds *= 4) {
    acted.steps.validateArchive = async () => ({ ...archiveJob, limits: { minutes: seconds / 60 } });
    const handle = await acted.start('archive', { startDelay: `${seconds + 1} seconds` });
    await handle.result();
  }
  expect(begun).toBe(1);
});

/** Begins a step, and resolves when it is asked to end. */
async function endedEarly(step: HeldStep<void>): Promise<void> {
  void step.run();
  const beats = setInterval(() => Context.current().heartbeat(), 20);
  await Context.current().cancelled.catch(() => clearInterval(beats));
}

type Event = temporal.api.history.v1.IHistoryEvent;

async function eventsOf(handle: WorkflowHandle): Promise<Event[]> {
  return (await handle.fetchHistory()).events ?? [];
}

/** Whether a step was. */
async function askedToEnd(handle: WorkflowHandle): Promise<boolean> {
  return (await eventsOf(handle)).some((event) => event.activityTaskCancelRequestedEventAttributes);
}

/** Whether the workflow has acted on an event. */
async function heardOf(handle: WorkflowHandle, which: (event: Event) => unknown): Promise<boolean> {
  const events = await eventsOf(handle);
  const at = events.findIndex((event) => Boolean(which(event)));
  return at >= 0 && events.slice(at).some((event) => event.workflowTaskCompletedEventAttributes);
}

function nameOf({ activityTaskScheduledEventAttributes }: Event): string | null | undefined {
  return activityTaskScheduledEventAttributes?.activityType?.name;
}

function stepOf(events: readonly Event[], scheduled: unknown): string | null | undefined {
  const event = events.find(({ eventId }) => String(eventId) === String(scheduled));
  return event && nameOf(event);
}
