import { CancellationScope, CancelledFailure, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { RangesOutlook } from '../../activities/ranges/plan/ranges-outlook.ts';
import { jobId, scheduledAt } from '../run/job-identity.ts';
import { runJob } from '../run/run-job.ts';
import { describeJob } from '../run/visibility.ts';
import { rangesPlan } from './ranges-plan.ts';
import { rangesDetails, rangesPercent } from './ranges-details.ts';
import { groupsOf, rangesProgress, rangesProgressAtFirst } from './ranges-progress.ts';
import { rangesResult, type RangesResult } from './ranges-result.ts';
import { newRangesState, RANGES_STEPS, type RangesState } from './ranges-state.ts';
import { runAll, type RangesRun } from './run-all.ts';
import { rangesStepsOf, validateRanges } from './steps-of.ts';

/**
 * Runs a function of the user's own over what consumer groups have not consumed of topics, range by range, and moves the
 * groups' offsets when all of it has succeeded. With `plan` in the input it only tells what it would do. `carried` is for
 * continued runs only.
 */
export async function ranges(input: unknown, carried?: RangesState): Promise<RangesResult | RangesOutlook> {
  if (carried === undefined && asksForPlan(input)) return rangesPlan(input);
  return runJob({
    order: RANGES_STEPS,
    carried,
    atFirst: () => rangesProgressAtFirst(jobId(), workflowInfo().startTime.getTime()),
    begin: () => begin(input),
    body: (run) => steps({ ...run, steps: rangesStepsOf(run.state.job) }),
    continueWith: (state) => continueAsNew<typeof ranges>(input, state),
    progress: rangesProgress,
    details: rangesDetails,
    percent: rangesPercent,
  });
}

/** `plan: true`, or what is to be told of it; whatever else is wrong with the input is told by who reads it. */
function asksForPlan(input: unknown): boolean {
  const { plan } = (input ?? {}) as { plan?: unknown };
  return plan !== undefined && plan !== false;
}

async function begin(input: unknown): Promise<RangesState> {
  const summary = 'input, functions, connections';
  const job = await validateRanges.executeWithOptions({ summary }, [
    { input, id: jobId(), scheduledAt: scheduledAt() },
  ]);
  // As long as a keyword may be.
  const groups = groupsOf(job).join(', ').slice(0, 250);
  describeJob(job, { topics: job.topic, groups }, { RewindTopic: job.topic, RewindGroup: groups });
  return newRangesState(job, jobId(), workflowInfo().startTime.getTime());
}

/** What is done of a job that fails or is cancelled stays: the next one for these groups and topics goes on with it. */
async function steps(run: RangesRun): Promise<RangesResult> {
  const { state, steps, step, onlyForward, show } = run;
  const { job } = state;
  await step('plan', async () => {
    state.planned = await steps.planRanges.executeWithOptions({ summary: job.topic }, [{ job }]);
  });
  const nothing = state.planned?.ranges === 0;
  if (!nothing) {
    await step('run', () => runAll(run));
    await step('finish', async () => {
      state.finished = await steps.finishRanges.executeWithOptions({ summary: job.finish ?? 'summaries' }, [{ job }]);
    });
  }
  // Here, and not behind the point of no return: who pauses now may still cancel.
  await run.control.gate();
  // A step that had its result in hand when somebody cancelled ends well all the same.
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the job was cancelled');
  await onlyForward(async () => {
    if (state.planned?.nothingNew !== true)
      await step('move', async () => {
        state.moved = await steps.moveOffsets.executeWithOptions({ summary: groupsOf(job).join(', ') }, [{ job }]);
      });
    await step('clean', async () => {
      await steps.cleanRanges.executeWithOptions({ summary: job.staging }, [{ job }]);
    });
  });
  state.step = 'done';
  show();
  return rangesResult(state);
}
