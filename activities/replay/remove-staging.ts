import { z } from 'zod';
import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import { replayInput } from './job/job-input.ts';
import { invalidInput, issuesOf } from './job/parse-input.ts';
import { workflowOfJob } from './job/take-up.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging, stagingFolder } from './staging.ts';
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

export type StagingRemoval = z.input<typeof removal>;

/** Deletes what a job that has ended, and will not be taken up again, has left in staging. */
export function removeStaging(deps: Dependencies) {
  return async (input: unknown, { signal, temporal }: StepContext): Promise<RemovedStaging> => {
    const parsed = removal.safeParse(input);
    if (!parsed.success) throw invalidInput(issuesOf(parsed.error));
    const { job, topic: name, errors } = parsed.data;
    if (await temporal.isRunning(workflowOfJob(job)))
      throw new JobError(
        'staging-in-use',
        `The staging of the job ${job} is in use: the job is running. It is removed when the job succeeds; cancel the job first if it shall not.`,
        { job },
      );
    const store = deps.hdfs(parsed.data.connections.hdfs);
    const folder = new Staging(store, stagingFolder(parsed.data.staging, name, job));
    const removed = await store.delete(folder.folder, { recursive: true, signal });
    const errorsRemoved = errors && (await store.delete(folder.errorsFolder, { recursive: true, signal }));
    return { job, staging: folder.folder, removed, errorsRemoved };
  };
}
