import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { Staging } from '../staging.ts';

/** JSON of the output schema as it was pinned when the job began; undefined where each file's own counts. */
export async function pinnedSchema(
  staging: Staging,
  { output, frameId }: Pick<ReplayJob, 'output' | 'frameId'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (output.schema === undefined && frameId === undefined) return undefined;
  const bytes = await staging.readSmall(staging.schema, signal);
  if (bytes === undefined)
    throw new JobError(
      'staging-lost',
      `The pinned output schema ${staging.schema} is gone while the job runs. Start the job again.`,
    );
  return Buffer.from(bytes).toString('utf8');
}
