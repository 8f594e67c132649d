import { z } from 'zod';
import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import { replayInput } from './job/job-input.ts';
import { invalidInput, issuesOf } from './job/parse-input.ts';
import { JobOwners } from '../step/job-owner.ts';
import type { StepContext } from '../step/run-step.ts';
import { stagingPlace } from './job/staging-place.ts';
import { Staging } from './staging.ts';
import type { RemovedStaging } from './steps.ts';

const { topic, staging, connections } = replayInput.shape;

/** What the workflow `cleanStaging` is told: the job's id, and of its input what says where its staging is. */
const removal = z.strictObject({
  job: z.string().regex(/^.+\/[^/]+$/, 'expected the id of a job, WORKFLOWID/RUNID, as its memo "job" has it'),
  topic,
  staging,
  connections,
  /** Whether the list of what was skipped goes as well. */
  errors: z.boolean().default(false),
});

/**
 * Deletes what a job that has ended, and will not be taken up again, has left in staging. While it does, it owns the
 * folder as one does who takes the job up: whoever comes meanwhile is refused.
 */
export function removeStaging(deps: Dependencies) {
  return async (input: unknown, { signal, temporal, workflow }: StepContext): Promise<RemovedStaging> => {
    const parsed = removal.safeParse(input);
    if (!parsed.success) throw invalidInput(issuesOf(parsed.error));
    const { job, topic: name, errors } = parsed.data;
    const store = deps.hdfs(parsed.data.connections.hdfs);
    const place = { staging: parsed.data.staging, topic: name, job };
    const staging = new Staging(store, await stagingPlace(store, place, signal));
    const owners = new JobOwners(store, staging, temporal, job);
    const me = `${workflow.workflowId}/${workflow.runId}`;
    const begun = (await store.status(staging.beginning, signal)) !== undefined;
    const running = await (begun ? owners.claim(me, signal) : owners.runningBeside(me, signal));
    if (running !== undefined)
      throw new JobError(
        'staging-in-use',
        `The staging of the job ${job} is in use: ${running === job ? 'the job is running' : `the workflow ${running} has taken it up, and runs`}. It is removed when the job succeeds; cancel ${running} first if it shall not.`,
        { job, owner: running },
      );
    const removed = await store.delete(staging.folder, { recursive: true, signal });
    const errorsRemoved = errors && (await store.delete(staging.errorsFolder, { recursive: true, signal }));
    return { job, staging: staging.folder, removed, errorsRemoved };
  };
}
