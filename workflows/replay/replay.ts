import { continueAsNew, patched, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { ReplayPlan } from '../../activities/replay/plan/replay-plan.ts';
import type { CommittedOffsets, VerifiedReplay } from '../../activities/replay/steps.ts';
import { asksForPlan } from '../run/asks-for-plan.ts';
import { jobId, scheduledAt } from '../run/job-identity.ts';
import { runJob } from '../run/run-job.ts';
import { timed } from '../run/step-clock.ts';
import { decodeSplits } from './decode-splits.ts';
import { describeReplay } from './describe-replay.ts';
import { goOnAsWhole } from './go-on-as-whole.ts';
import { mergeUntilItFits } from './merge-passes.ts';
import { replayPlan } from './replay-plan.ts';
import { progressAtFirst, progressOf } from './progress.ts';
import { progressDetails, replayPercent } from './progress-details.ts';
import { publishSlices } from './publish-slices.ts';
import { publishWindows } from './publish-windows.ts';
import { replayResult, type ReplayResult } from './replay-result.ts';
import type { ReplayRun } from './replay-run.ts';
import { newReplayState, REPLAY_STEPS, type ReplayState } from './replay-state.ts';
import { stepsOf, validateJob } from './steps-of.ts';

/**
 * Replays an archived topic: pins the offsets, lists the files, claims the replay topic, decodes and sorts, publishes
 * in one total order, and commits the offsets. With `plan: true` in the input it only tells what it would do. `carried`
 * is for continued runs only.
 */
export async function replay(input: unknown, carried?: ReplayState): Promise<ReplayResult | ReplayPlan> {
  if (carried === undefined && asksForPlan(input)) return plan(input);
  return runJob({
    order: REPLAY_STEPS,
    carried,
    atFirst: () => progressAtFirst(input, jobId(), workflowInfo().startTime.getTime()),
    begin: () => begin(input),
    body: (run) => steps({ ...run, steps: stepsOf(run.state.job) }),
    continueWith: (state) => continueAsNew<typeof replay>(input, state),
    progress: progressOf,
    details: progressDetails,
    percent: replayPercent,
  });
}

async function plan(input: unknown): Promise<ReplayPlan> {
  // Of this type, and no replay: lists tell it by the memo.
  if (patched('plan-says-so')) upsertMemo({ kind: 'plan' });
  return replayPlan(input);
}

async function begin(input: unknown): Promise<ReplayState> {
  const summary = 'input, connections, schema, replay topic';
  const startedAt = workflowInfo().startTime.getTime();
  const job = await validateJob.executeWithOptions({ summary }, [
    { input, id: jobId(), scheduledAt: scheduledAt(), startedAt },
  ]);
  describeReplay(job);
  return newReplayState(job, job.begunAt ?? startedAt); // a job that is taken up began in another workflow
}

async function steps(run: ReplayRun): Promise<ReplayResult> {
  const { state, steps, show, step, stepAnew, onlyForward } = run;
  const { job } = state;
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
    if (known(state.listing).windows !== undefined)
      await step('publish', () => publishWindows(run)).catch((error: unknown) => goOnAsWhole(state, error));
    if (known(state.listing).windows === undefined) {
      await step('decode', () => decodeSplits(run));
      await step('catalogue', () => mergeUntilItFits(run));
      await step('publish', () => publishSlices(run));
    }
    await stepAnew('verify', async () => {
      const [listing, claim, catalogue] = [known(state.listing), known(state.claim), known(state.catalogue)];
      const summary = `${claim.topic}: ${catalogue.records} records`;
      verified = await steps.verifyReplay.executeWithOptions({ summary }, [{ job, listing, claim, catalogue }]);
    });
  }
  let offsets!: CommittedOffsets;
  await stepAnew('commit', async () => {
    const summary = job.offsets.group === undefined ? 'no group' : `group ${job.offsets.group}`;
    const partial = partialBecause(state);
    offsets = await steps.commitOffsets.executeWithOptions({ summary }, [{ job, listing: state.listing, partial }]);
  });
  await onlyForward(() =>
    // Not gated: a job that is paused now has nothing left to wait for.
    timed(state, 'clean', () => steps.cleanStaging.executeWithOptions({ summary: job.staging }, [{ job }])),
  );
  state.step = 'done';
  show();
  return replayResult(state, verified, offsets, Date.now());
}

function partialBecause(state: ReplayState): string | undefined {
  const { job, decoded, listing } = state;
  if (job.from !== undefined || job.to !== undefined) return 'the job has a time range';
  if (decoded.skipped > 0) return `${decoded.skipped} records were skipped`;
  return listing?.incomplete;
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a step ran before the one that it builds on');
  return value;
}
