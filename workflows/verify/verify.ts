import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { Target } from '../../activities/verify/job/verify-input.ts';
import { jobId, scheduledAt } from '../run/job-identity.ts';
import { runJob, type Run } from '../run/run-job.ts';
import { describeJob } from '../run/visibility.ts';
import { inWindow } from '../run/window.ts';
import { validateVerify, verifyStepsOf, type VerifySteps } from './steps-of.ts';
import { rangesOf, verifyDetails, verifyPercent, verifyProgress, verifyProgressAtFirst } from './verify-progress.ts';
import { verifyResult, type VerifyResult } from './verify-result.ts';
import { newVerifyState, VERIFY_STEPS, type VerifyState, type VerifyStep } from './verify-state.ts';

/**
 * Reads an archive and its topics from end to end, and compares them: counts and content, bucket by bucket, and record by
 * record where they differ. Changes nothing but its report. `carried` is for continued runs only.
 */
export async function verify(input: unknown, carried?: VerifyState): Promise<VerifyResult> {
  return runJob({
    order: VERIFY_STEPS,
    carried,
    atFirst: () => verifyProgressAtFirst(jobId(), workflowInfo().startTime.getTime()),
    begin: () => begin(input),
    body: (run) => steps({ ...run, steps: verifyStepsOf(run.state.job) }),
    continueWith: (state) => continueAsNew<typeof verify>(input, state),
    progress: verifyProgress,
    details: verifyDetails,
    percent: verifyPercent,
  });
}

async function begin(input: unknown): Promise<VerifyState> {
  const startedAt = workflowInfo().startTime.getTime();
  const job = await validateVerify.executeWithOptions({ summary: 'input, topics' }, [
    { input, id: jobId(), scheduledAt: scheduledAt(), startedAt },
  ]);
  describeJob(job, { topic: job.topic }, { RewindTopic: job.topic });
  return newVerifyState(job, startedAt);
}

interface VerifyRun extends Run<VerifyStep, VerifyState> {
  readonly steps: VerifySteps;
}

async function steps(run: VerifyRun): Promise<VerifyResult> {
  const { state, steps, step, show } = run;
  const { job } = state;
  await step('plan', async () => {
    state.planned = await steps.planVerify.executeWithOptions({ summary: job.topic }, [{ job }]);
  });
  await step('topics', async () => {
    await tallyTopics(run);
    for (const target of job.targets)
      await steps.boundTopics.executeWithOptions({ summary: target }, [{ job, target }]);
  });
  await step('archive', () => tallyArchives(run));
  await step('reconcile', async () => {
    for (const target of job.targets)
      state.reconciled.push(await steps.reconcileVerify.executeWithOptions({ summary: target }, [{ job, target }]));
  });
  await step('narrow', () => narrowAll(run));
  await step('report', async () => {
    state.reported = await steps.reportVerify.executeWithOptions({ summary: job.settings.report }, [{ job }]);
  });
  await step('clean', async () => {
    await steps.cleanVerify.executeWithOptions({ summary: job.staging }, [{ job }]);
  });
  state.step = 'done';
  show();
  return verifyResult(state, Date.now());
}

/** Which part of which target has this number, of all of them one after the other. */
function placeOf(
  number: number,
  targets: readonly { target: Target; parts: number }[],
): { target: Target; part: number } {
  let part = number;
  for (const { target, parts } of targets) {
    if (part < parts) return { target, part };
    part -= parts;
  }
  throw new TypeError(`there is no part ${number}`);
}

async function tallyTopics({ state, steps, show, ...run }: VerifyRun): Promise<void> {
  const { job, planned } = state;
  if (planned === undefined) throw new TypeError('topics before plan');
  const targets = planned.targets.map(({ target, ranges }) => ({ target, parts: ranges }));
  const total = rangesOf(state);
  await inWindow({
    ...run,
    atOnce: job.tuning.decodeConcurrency,
    take: () => (state.nextRange < total ? state.nextRange++ : undefined),
    run: (number) => {
      const { target, part: range } = placeOf(number, targets);
      const summary = `${target}, range ${number + 1} of ${total}`;
      return steps.tallyTopic.executeWithOptions({ summary }, [{ job, target, range }]);
    },
    done: ({ records }) => {
      state.done.ranges += 1;
      state.records.topics += records;
      show();
    },
  });
}

async function tallyArchives({ state, steps, show, ...run }: VerifyRun): Promise<void> {
  const { job, planned } = state;
  if (planned === undefined) throw new TypeError('archive before plan');
  const targets = job.targets.map((target) => ({ target, parts: planned.splits }));
  const total = planned.splits * targets.length;
  await inWindow({
    ...run,
    atOnce: job.tuning.decodeConcurrency,
    take: () => (state.nextSplit < total ? state.nextSplit++ : undefined),
    run: (number) => {
      const { target, part: split } = placeOf(number, targets);
      const summary = `${target}, split ${number + 1} of ${total}`;
      return steps.tallyArchive.executeWithOptions({ summary }, [{ job, target, split }]);
    },
    done: ({ records }) => {
      state.done.splits += 1;
      state.records.archive += records;
      show();
    },
  });
}

async function narrowAll({ state, steps, show, ...run }: VerifyRun): Promise<void> {
  const { job, reconciled } = state;
  const targets = reconciled.map(({ target, narrowed }) => ({ target, parts: narrowed }));
  const total = targets.reduce((sum, { parts }) => sum + parts, 0);
  await inWindow({
    ...run,
    atOnce: job.tuning.decodeConcurrency,
    take: () => (state.nextCell < total ? state.nextCell++ : undefined),
    run: (cell) => {
      const { target, part: number } = placeOf(cell, targets);
      return steps.narrowVerify.executeWithOptions({ summary: `${target}, bucket ${cell + 1} of ${total}` }, [
        { job, target, number },
      ]);
    },
    done: () => {
      state.done.cells += 1;
      show();
    },
  });
}
