import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import { JobOwners } from '../step/job-owner.ts';
import type { StepContext } from '../step/run-step.ts';
import { RangesFiles } from './ranges-files.ts';
import type { RangesStepInput } from './steps.ts';

type Step<I, O> = (input: I, context: StepContext) => Promise<O>;

/**
 * Keeps a step of a run that lost its work from working beside the job that goes on with it, or that has its folder: a run
 * that was reset.
 *
 * @param over - what comes of a step that has nothing more to do in a folder of the next job. @default an error
 */
export function ownedStep<I extends RangesStepInput, O>(
  deps: Dependencies,
  step: Step<I, O>,
  over?: () => O,
): Step<I, O> {
  return async (input, context) => {
    const { job } = input;
    const store = deps.hdfs(job.connections.hdfs);
    const files = new RangesFiles(store, job.staging, job.id);
    const other = await files.takenBy(context.signal);
    if (other !== undefined && over !== undefined) return over();
    if (other !== undefined)
      throw new JobError(
        'staging-lost',
        `The folder ${job.staging} is that of the job ${other} now, so ${job.id} can't go on: its plan was discarded, or it has ended. Start the job again.`,
        { job: job.id, other },
      );
    const owners = new JobOwners(store, files.owners, context.temporal, job.id);
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
