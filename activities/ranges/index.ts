import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import { JobOwners } from '../step/job-owner.ts';
import { activityOf, type StepContext } from '../step/run-step.ts';
import { cleanRanges } from './clean-ranges.ts';
import { describeRanges } from './describe-ranges.ts';
import { finishRanges } from './finish-ranges.ts';
import { moveOffsets } from './move-offsets.ts';
import { planRanges } from './plan-ranges.ts';
import type { RangesActivities } from './ranges-activities.ts';
import { RangesFiles } from './ranges-files.ts';
import { runRange } from './run-range.ts';
import type { RangesStepInput } from './steps.ts';
import { validateRanges } from './validate-ranges.ts';

/** The steps of a job of ranges as Temporal activities, over a worker's connections. */
export function createRangesActivities(deps: Dependencies): RangesActivities {
  const owned = <I extends RangesStepInput, O>(step: Step<I, O>): ((input: I) => Promise<O>) =>
    activityOf(ownedStep(deps, step));
  return {
    validateRanges: activityOf(validateRanges(deps)),
    describeRanges: activityOf(describeRanges(deps)),
    planRanges: owned(planRanges(deps)),
    runRange: owned(runRange(deps)),
    finishRanges: owned(finishRanges(deps)),
    moveOffsets: owned(moveOffsets(deps)),
    cleanRanges: owned(cleanRanges(deps)),
  };
}

type Step<I, O> = (input: I, context: StepContext) => Promise<O>;

/** Keeps a step of a run that lost its work from working beside the job that goes on with it: a run that was reset. */
function ownedStep<I extends RangesStepInput, O>(deps: Dependencies, step: Step<I, O>): Step<I, O> {
  return async (input, context) => {
    const { job } = input;
    const store = deps.hdfs(job.connections.hdfs);
    const owners = new JobOwners(store, new RangesFiles(store, job.staging, job.id), context.temporal, job.id);
    const owner = await owners.takenFrom(context.workflow.workflowId, context.signal);
    if (owner !== undefined)
      throw new JobError(
        'staging-in-use',
        `The workflow ${owner} goes on with the plan of ${job.id} and runs, so ${context.workflow.workflowId} does not go on beside it. Let that one end.`,
        { job: job.id, owner },
      );
    return step(input, context);
  };
}
