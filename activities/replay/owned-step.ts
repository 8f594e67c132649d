import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import { JobOwners } from '../step/job-owner.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import type { StepInput } from './steps.ts';

type Step<I, O> = (input: I, context: StepContext) => Promise<O>;

/**
 * Keeps a step of a run that lost its job from working beside the workflow that has taken the job up: a run that was
 * reset to its middle goes on as if nothing had happened.
 */
export function ownedStep<I extends StepInput, O>(deps: Dependencies, step: Step<I, O>): Step<I, O> {
  return async (input, context) => {
    const { job } = input;
    const store = deps.hdfs(job.connections.hdfs);
    const owners = new JobOwners(store, new Staging(store, job.staging), context.temporal, job.id);
    const owner = await owners.takenFrom(context.workflow.workflowId, context.signal);
    if (owner !== undefined)
      throw new JobError(
        'staging-in-use',
        `The workflow ${owner} has taken up the job ${job.id} and runs it, so ${context.workflow.workflowId} does not go on beside it. Let that one end. If it shall not, cancel it, and take the job up again.`,
        { job: job.id, owner },
      );
    return step(input, context);
  };
}
