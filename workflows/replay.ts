import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { CommittedOffsets, VerifiedReplay } from '../activities/steps.ts';
import { decodeSplits } from './decode-splits.ts';
import { publishSlices } from './publish-slices.ts';
import { replayResult, type ReplayResult } from './replay-result.ts';
import { newReplayState, type ReplayState, type ReplayStep } from './replay-state.ts';
import { mergeUntilItFits } from './merge-passes.ts';
import { stepsOf, validateJob } from './steps-of.ts';

/** How far a replay is, and what it found so far; the same as JSON that the Web UI shows as details. */
export const progressQuery = defineQuery<ReplayState | undefined>('progress');

/**
 * Replays an archived topic: pins the offsets, lists the files, claims the replay topic, decodes and sorts, publishes
 * in one total order, and commits the offsets. `carried` is for continued runs only.
 */
export async function replay(input: unknown, carried?: ReplayState): Promise<ReplayResult> {
  let state = carried;
  setHandler(progressQuery, () => state);
  state ??= newReplayState(await validateJob({ input, id: jobId() }));
  const current = state;
  const steps = stepsOf(current.job);
  const { job } = current;

  await runStep(current, 'offsets', async () => {
    current.pins = await steps.readOffsets.executeWithOptions({ summary: `offsets of ${job.topic}` }, [{ job }]);
  });
  let verified: VerifiedReplay | undefined;
  if (!job.offsetsOnly) {
    await runStep(current, 'list', async () => {
      current.listing = await steps.listFiles.executeWithOptions({ summary: job.input ?? '' }, [{ job }]);
    });
    await runStep(current, 'claim', async () => {
      const listing = known(current.listing);
      const summary = `${job.replayTopic.name}, ${listing.partitions} partitions`;
      current.claim = await steps.claimReplayTopic.executeWithOptions({ summary }, [{ job, listing }]);
    });
    await runStep(current, 'decode', () => decodeSplits(current, steps, () => carryOn(input, current)));
    await runStep(current, 'catalogue', () => mergeUntilItFits(current, steps));
    await runStep(current, 'publish', () => publishSlices(current, steps, () => carryOn(input, current)));
    await timed(current, 'verify', async () => {
      verified = await steps.verifyReplay({
        job,
        listing: known(current.listing),
        claim: known(current.claim),
        catalogue: known(current.catalogue),
      });
    });
  }
  let offsets!: CommittedOffsets;
  await timed(current, 'commit', async () => {
    const summary = job.offsets.group === undefined ? 'no group' : `group ${job.offsets.group}`;
    const partial = partialBecause(current);
    offsets = await steps.commitOffsets.executeWithOptions({ summary }, [{ job, listing: current.listing, partial }]);
  });
  await timed(current, 'clean', () => steps.cleanStaging({ job }));
  current.step = 'done';
  return replayResult(current, verified, offsets);
}

/**
 * Stays the same over retries, resets and continued runs. Firings of a cron workflow share their first run, and each
 * is a job of its own.
 */
function jobId(): string {
  const { workflowId, runId, firstExecutionRunId, cronSchedule } = workflowInfo();
  return `${workflowId}/${cronSchedule === undefined ? firstExecutionRunId : runId}`;
}

const ORDER: ReplayStep[] = [
  'offsets',
  'list',
  'claim',
  'decode',
  'catalogue',
  'publish',
  'verify',
  'commit',
  'clean',
  'done',
];

/** Runs a step unless an earlier run of this job has finished it. */
async function runStep(state: ReplayState, step: ReplayStep, body: () => Promise<void>): Promise<void> {
  if (ORDER.indexOf(state.step) > ORDER.indexOf(step)) return;
  await timed(state, step, body);
  state.step = ORDER[ORDER.indexOf(step) + 1] ?? 'done';
}

async function timed(state: ReplayState, step: ReplayStep, body: () => Promise<void>): Promise<void> {
  state.step = step;
  const start = Date.now();
  try {
    await body();
  } finally {
    state.seconds[step] = (state.seconds[step] ?? 0) + (Date.now() - start) / 1000;
  }
}

/** Goes on in a new run when the history is long; to be called between activities, with none in hand. */
async function carryOn(input: unknown, state: ReplayState): Promise<void> {
  if (!workflowInfo().continueAsNewSuggested) return;
  await condition(allHandlersFinished);
  await continueAsNew<typeof replay>(input, state);
}

function partialBecause(state: ReplayState): string | undefined {
  const { job, decoded } = state;
  if (job.from !== undefined || job.to !== undefined) return 'the job has a time range';
  if (decoded.skipped > 0) return `${decoded.skipped} records were skipped`;
  return undefined;
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a step ran before the one that it builds on');
  return value;
}
