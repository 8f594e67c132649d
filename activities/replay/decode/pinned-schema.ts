import { JobError } from '../../step/job-error.ts';
import { pinsSchema } from '../job/frame-schema.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { Staging } from '../staging.ts';

/**
 * JSON of the output schema as it was pinned when the job began, or of the ids of all that files may have; undefined where
 * each file's own counts, and no frame names it.
 */
export async function pinnedSchema(
  staging: Staging,
  job: Pick<ReplayJob, 'output' | 'frameId'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!pinsSchema(job)) return undefined;
  const bytes = await staging.readSmall(staging.schema, signal);
  if (bytes === undefined)
    throw new JobError(
      'staging-lost',
      `The pinned output schema ${staging.schema} is gone while the job runs. Start the job again.`,
    );
  return Buffer.from(bytes).toString('utf8');
}
