import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReplayPlan } from '../../activities/replay/plan/replay-plan.ts';
import type { CommittedOffsets, VerifiedReplay } from '../../activities/replay/steps.ts';
import { decodeSplits } from './decode-splits.ts';
import { jobId, scheduledAt } from '../run/job-identity.ts';
import { mergeUntilItFits } from './merge-passes.ts';
import { progressQuery } from './messages.ts';
import { progressOf, type ReplayProgress, type ReplayStatus } from './progress.ts';
import { progressDetails } from './progress-details.ts';
import { publishSlices } from './publish-slices.ts';
import { ReplayControl } from './replay-control.ts';
import { replayResult, type ReplayResult } from './replay-result.ts';
import type { ReplayRun } from './replay-run.ts';
import { newReplayState, type ReplayState } from './replay-state.ts';
import { runStep, timed } from './step-clock.ts';
import { planReplay, stepsOf, validateJob } from './steps-of.ts';
import { describeJob } from './visibility.ts';

/**
 * Replays an archived topic: pins the offsets, lists the files, claims the replay topic, decodes and sorts, publishes
 * in one total order, and commits the offsets. With `plan: true` in the input it only tells what it would do. `carried`
 * is for continued runs only.
 */
export async function replay(input: unknown, carried?: ReplayState): Promise<ReplayResult | ReplayPlan> {
  if (carried === undefined && asksForPlan(input)) return plan(input);
  let progress = (): ReplayProgress | undefined => undefined;
  setHandler(progressQuery, () => progress());
  const state = carried ?? (await begin(input));
  const control = new ReplayControl(state.control);
  const progressNow = (): ReplayProgress => progressOf(state, statusOf(state, control), Date.now());
  const show = (): void => setCurrentDetails(progressDetails(progressNow()));
  progress = progressNow;
  control.listen(show);
  show();
  try {
    return await steps({ state, control, show, steps: stepsOf(state.job), carryOn: () => carryOn(input, state) });
  } catch (error) {
    if (!isCancellation(error)) throw error;
    // A cancelled workflow has no result; how far it got stays with it.
    const outcome = { ...progressNow(), status: 'cancelled' as const };
    progress = () => outcome;
    upsertMemo({ outcome });
    setCurrentDetails(progressDetails(outcome));
    throw error;
  }
}

/** Whether the input says `plan: true`; whatever else is wrong with it is told by who reads it. */
function asksForPlan(input: unknown): boolean {
  return typeof input === 'object' && input !== null && (input as { plan?: unknown }).plan === true;
}

async function plan(input: unknown): Promise<ReplayPlan> {
  const summary = 'what the job would do; touches nothing';
  return planReplay.executeWithOptions({ summary }, [{ input, id: jobId(), scheduledAt: scheduledAt() }]);
}

async function begin(input: unknown): Promise<ReplayState> {
  const summary = 'input, connections, schema, replay topic';
  const job = await validateJob.executeWithOptions({ summary }, [{ input, id: jobId(), scheduledAt: scheduledAt() }]);
  describeJob(job);
  return newReplayState(job, workflowInfo().startTime.getTime());
}

async function steps(run: ReplayRun): Promise<ReplayResult> {
  const { state, steps, show, control } = run;
  const { job } = state;
  const step = async (name: Parameters<typeof runStep>[1], body: () => Promise<void>): Promise<void> => {
    await control.gate();
    await runStep(state, name, body);
    show();
  };

  await step('offsets', async () => {
    state.pins = await steps.readOffsets.executeWithOptions({ summary: `offsets of ${job.topic}` }, [{ job }]);
  });
  let verified: VerifiedReplay | undefined;
  if (!job.offsetsOnly) {
    await step('list', async () => {
      state.listing = await steps.listFiles.executeWithOptions({ summary: job.input ?? '' }, [{ job }]);
    });
    await step('claim', async () => {
      const listing = known(state.listing);
      const summary = `${job.replayTopic.name}, ${listing.partitions} partitions`;
      state.claim = await steps.claimReplayTopic.executeWithOptions({ summary }, [{ job, listing }]);
    });
    await step('decode', () => decodeSplits(run));
    await step('catalogue', () => mergeUntilItFits(run));
    await step('publish', () => publishSlices(run));
    await control.gate();
    await timed(state, 'verify', async () => {
      const [listing, claim, catalogue] = [known(state.listing), known(state.claim), known(state.catalogue)];
      const summary = `${claim.topic}: ${catalogue.records} records`;
      verified = await steps.verifyReplay.executeWithOptions({ summary }, [{ job, listing, claim, catalogue }]);
    });
  }
  let offsets!: CommittedOffsets;
  await control.gate();
  await timed(state, 'commit', async () => {
    const summary = job.offsets.group === undefined ? 'no group' : `group ${job.offsets.group}`;
    const partial = partialBecause(state);
    offsets = await steps.commitOffsets.executeWithOptions({ summary }, [{ job, listing: state.listing, partial }]);
  });
  // The offsets are committed: whoever cancels now comes too late, and finds a replay that has succeeded.
  await CancellationScope.nonCancellable(() =>
    timed(state, 'clean', () => steps.cleanStaging.executeWithOptions({ summary: job.staging }, [{ job }])),
  );
  state.step = 'done';
  show();
  return replayResult(state, verified, offsets);
}

function statusOf(state: ReplayState, control: ReplayControl): ReplayStatus {
  if (state.step === 'done') return 'done';
  if (CancellationScope.current().consideredCancelled) return 'cancelling';
  if (control.standsStill) return 'paused';
  return control.pausing ? 'pausing' : 'running';
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
