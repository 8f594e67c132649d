// A pull of an archive, and a range of a job, keep the limit that they begin with: another one, and a pause, are heard at once all
// the same. The workflow is the real one; the test stands in for its steps.
import { Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { RangesJob } from '../../../activities/ranges/job/ranges-job.ts';
import type { RateLimit } from '../../../activities/step/rate-limit.ts';
import { pauseSignal, rateSignal, resumeSignal } from '../../../workflows/run/messages.ts';
import { archiveJob, decided, planned, pulled } from '../../support/acted-archive.ts';
import { ActedWorkflow } from '../../support/acted-workflow.ts';

const SLOW: RateLimit = { records: 1 };
const PULLS = 3;

let acted: ActedWorkflow;

beforeAll(async () => {
  acted = await ActedWorkflow.open(inject('stack').temporal, [
    ...(['validateArchive', 'recoverArchive', 'planArchive', 'pullArchive', 'decideArchive', 'placeArchive'] as const),
    ...(['tidyArchive', 'discardArchive', 'validateRanges', 'planRanges', 'runRange', 'finishRanges'] as const),
    ...(['moveOffsets', 'cleanRanges'] as const),
  ]);
});
afterAll(() => acted?.close());

/** Pulls or ranges that were begun, with their limits. */
let begun: { number: number; rate: RateLimit }[];
/** What one does under the limit SLOW. */
let slowly: () => Promise<void>;
let begunOfDecision: number | undefined;

async function runOne(number: number, rate: RateLimit): Promise<void> {
  begun.push({ number, rate });
  if (rate.records === SLOW.records) await slowly();
}

/** Until somebody ends it. */
async function forEver(): Promise<never> {
  const beats = setInterval(() => Context.current().heartbeat(), 20);
  return await Context.current().cancelled.finally(() => clearInterval(beats));
}

function act(rate: RateLimit): void {
  const ranges = {
    ...{ id: 'job', topic: 'events', staging: '/staging', rate, concurrency: 2, finish: 'sum' },
    inputs: [{ topic: 'events', group: 'billing', function: 'f' }],
    retry: { attempts: 1, initialSeconds: 1, maximumSeconds: 1 },
    ...{ searchAttributes: [], tuning: { heartbeatTimeoutMs: 60_000 } },
  } as unknown as RangesJob;
  acted.begin({
    validateArchive: async () => ({ ...archiveJob, rate, ranges: { ...archiveJob.ranges, concurrency: 2 } }),
    recoverArchive: async () => ({ finished: undefined, discarded: 0, remarks: [] }),
    planArchive: async () => ({ ...planned, pulls: PULLS }),
    pullArchive: async ({ pull, rate: limit }) => {
      await runOne(pull, limit);
      return { ...pulled, pull, records: '3' };
    },
    decideArchive: async (input) => {
      begunOfDecision = input.begun;
      return decided;
    },
    placeArchive: async () => ({ execution: 'now', files: 1 }),
    tidyArchive: async () => ({ pruned: 0 }),
    discardArchive: async () => undefined,
    validateRanges: async () => ranges,
    planRanges: async () => ({
      ...{ topics: 1, partitions: 1, ranges: PULLS, offsets: '9', bytes: '9', offsetsLeft: '0', nothingNew: false },
      remarks: [],
    }),
    runRange: async ({ range, rate: limit }) => {
      await runOne(range, limit);
      return { range, records: '3', bytes: '3', left: {}, seconds: 0 };
    },
    finishRanges: async () => ({ result: '{}', moreSummaries: 0, remarks: [] }),
    moveOffsets: async () => ({ groups: [], remarks: [] }),
    cleanRanges: async () => undefined,
  });
}

beforeEach(() => {
  begun = [];
  slowly = forEver;
  begunOfDecision = undefined;
});

const inHand = async (atLeast: number): Promise<void> => {
  await expect.poll(() => begun.length).toBeGreaterThanOrEqual(atLeast);
};

/** What the job has counted of its pulls or ranges, each of three records. */
async function recordsOf(handle: WorkflowHandle): Promise<unknown> {
  return (await handle.query<{ records?: unknown }>('progress')).records;
}

describe.each(['archive', 'ranges'] as const)('of the workflow %s', (type) => {
  it('those in hand begin anew under another limit, and each is counted once', async () => {
    act(SLOW);
    const handle = await acted.start(type);
    await inHand(2);
    await handle.signal(rateSignal, { records: 500 });
    await handle.result();
    expect(
      begun
        .filter(({ rate }) => rate.records === 500)
        .map(({ number }) => number)
        .toSorted(),
    ).toEqual([0, 1, 2]);
    expect(await recordsOf(handle)).toBe('9');
    if (type === 'archive') expect(begunOfDecision).toBe(PULLS);
  });

  it('a pause ends those in hand, and they begin anew when the job goes on', async () => {
    act(SLOW);
    const handle = await acted.start(type);
    await inHand(2);
    await handle.signal(pauseSignal);
    await acted.told(handle, 'paused');
    const before = begun.length;
    slowly = async () => undefined;
    await handle.signal(resumeSignal);
    await handle.result();
    expect(
      begun
        .slice(before)
        .map(({ number }) => number)
        .toSorted(),
    ).toEqual([0, 1, 2]);
    expect(await recordsOf(handle)).toBe('9');
  });

  it('one that comes to its end while it is asked to end is done', async () => {
    act(SLOW);
    slowly = async () => void (await forEver().catch(() => undefined));
    const handle = await acted.start(type);
    await inHand(2);
    await handle.signal(rateSignal, {});
    await handle.result();
    expect(begun.map(({ number }) => number).toSorted()).toEqual([0, 1, 2]);
    expect(await recordsOf(handle)).toBe('9');
  });

  it('those without a limit come to their end, and the ones behind them have the new one', async () => {
    act({});
    let release: (() => void) | undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const first = acted.steps.pullArchive!;
    acted.steps.pullArchive = async (input) => {
      if (input.pull < 2) await released;
      return first(input);
    };
    const firstRange = acted.steps.runRange!;
    acted.steps.runRange = async (input) => {
      if (input.range < 2) await released;
      return firstRange(input);
    };
    const handle = await acted.start(type);
    await expect.poll(() => acted.seen.filter((step) => step === 'pullArchive' || step === 'runRange').length).toBe(2);
    await handle.signal(rateSignal, { records: 500 });
    release?.();
    await handle.result();
    expect(begun.map(({ number, rate }) => `${number} ${rate.records}`).toSorted()).toEqual([
      '0 undefined',
      '1 undefined',
      '2 500',
    ]);
  });

  it('who cancels meanwhile ends them for good', async () => {
    act(SLOW);
    const handle = await acted.start(type);
    await inHand(2);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(begun).toHaveLength(2);
  });
});
