import {
  CancellationScope,
  CancelledFailure,
  ContinueAsNew,
  continueAsNew,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { ArchiveActivities } from '../../activities/archive/archive-activities.ts';
import type { ArchivePlan } from '../../activities/archive/plan/archive-plan.ts';
import { asksForPlan } from '../run/asks-for-plan.ts';
import { jobId, scheduledAt } from '../run/job-identity.ts';
import { runJob } from '../run/run-job.ts';
import { describeJob } from '../run/visibility.ts';
import { archiveDetails, archivePercent } from './archive-details.ts';
import { archiveProgress, archiveProgressAtFirst } from './archive-progress.ts';
import { archiveResult, type ArchiveResult } from './archive-result.ts';
import { auditCounts } from './audit-counts.ts';
import { ARCHIVE_STEPS, newArchiveState, type ArchiveState } from './archive-state.ts';
import { archivePlan } from './archive-plan.ts';
import { pullAll, type ArchiveRun } from './pull-all.ts';
import { cancelledWhole } from './cancelled-whole.ts';
import { archiveStepsOf, validateArchive } from './steps-of.ts';

/** What tidies up behind a run that has failed must not keep it from saying so. */
const { discardArchive } = proxyActivities<ArchiveActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '2 minutes',
  heartbeatTimeout: '30 seconds',
});

/**
 * Archives topics to HDFS: finishes what an earlier run had decided, plans, pulls ranges into hidden files, decides by
 * one rename, places the files, and records the execution with the offsets from which the next run goes on. With
 * `plan: true` in the input it only tells what it would do. `carried` is for continued runs only.
 */
export async function archive(input: unknown, carried?: ArchiveState): Promise<ArchiveResult | ArchivePlan> {
  if (carried === undefined && asksForPlan(input)) return archivePlan(input);
  return runJob({
    order: ARCHIVE_STEPS,
    carried,
    atFirst: () => archiveProgressAtFirst(input, jobId(), workflowInfo().startTime.getTime()),
    begin: () => begin(input),
    body: (run) => steps({ ...run, steps: archiveStepsOf(run.state.job) }),
    continueWith: (state) => continueAsNew<typeof archive>(input, state),
    progress: archiveProgress,
    details: archiveDetails,
    percent: archivePercent,
  });
}

async function begin(input: unknown): Promise<ArchiveState> {
  const begunAt = Date.now();
  const summary = 'input, connections';
  const job = await validateArchive.executeWithOptions({ summary }, [
    { input, id: jobId(), scheduledAt: scheduledAt() },
  ]);
  describeJob(job, { topics: job.topic, dest: job.dest }, { RewindTopic: job.topic });
  return newArchiveState(job, workflowInfo().startTime.getTime(), begunAt);
}

async function steps(run: ArchiveRun): Promise<ArchiveResult> {
  const { state, steps, step, onlyForward, show } = run;
  const { job } = state;
  try {
    await step('recover', async () => {
      state.recovered = await steps.recoverArchive.executeWithOptions({ summary: job.exec }, [{ job }]);
    });
    await step('plan', async () => {
      state.planned = await steps.planArchive.executeWithOptions({ summary: job.topic }, [{ job }]);
    });
    await step('pull', () => pullAll(run));
    // Here, and not behind the point of no return: who pauses now may still cancel.
    await run.control.gate();
    // A step that had its result in hand when somebody cancelled ends well all the same.
    if (cancelledWhole()) throw new CancelledFailure('the job was cancelled');
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error; // the next run goes on with what is pulled
    // Nothing is decided yet: the run is thrown away. It may be reset, and decide then.
    await CancellationScope.nonCancellable(() => discard(state, state.recovered !== undefined));
    throw error;
  }
  if (state.planned?.nothingNew === true) {
    await discard(state);
    // Of an earlier run, which could not post them.
    await onlyForward(() => auditCounts(run));
  } else await onlyForward(() => forward(run));
  state.step = 'done';
  show();
  return archiveResult(state);
}

/** From the decision on: whoever cancels now comes too late, and finds a run that has succeeded. */
async function forward(run: ArchiveRun): Promise<void> {
  const { state, steps, step } = run;
  const { job } = state;
  try {
    await step('decide', async () => {
      state.decided = await steps.decideArchive.executeWithOptions({ summary: job.history }, [
        { job, begun: state.nextPull },
      ]);
    });
  } catch (error) {
    await discard(state, true);
    throw error;
  }
  await step('place', async () => {
    const summary = `${state.decided?.files} files, execution ${state.decided?.execution}`;
    await steps.placeArchive.executeWithOptions({ summary }, [{ job }]);
  });
  await auditCounts(run);
  await step('tidy', async () => {
    const keepExecutions = state.audited !== undefined && 'problem' in state.audited;
    await steps.tidyArchive.executeWithOptions({ summary: job.staging }, [{ job, keepExecutions }]);
  });
}

async function discard({ job }: ArchiveState, mayDecide = false): Promise<void> {
  try {
    await discardArchive.executeWithOptions({ summary: job.staging }, [{ job, mayDecide }]);
  } catch {
    // The next run discards it; the error that ended this one is what is to be seen.
  }
}
