import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import { LONGEST_NAME, runFolder } from './archive-folders.ts';
import { parseArchiveInput } from './job/parse-archive-input.ts';
import type { ArchiveJob } from './job/archive-job.ts';
import { reachServers } from '../step/reach-servers.ts';
import { registeredAttributes } from '../step/registered-attributes.ts';
import type { StepContext } from '../step/run-step.ts';
import type { ValidateJobInput } from '../replay/steps.ts';

/** Asked for to see whether brokers answer; it need not exist. */
const PROBE_TOPIC = '__consumer_offsets';

const SEARCH_ATTRIBUTES = ['RewindTopic', 'RewindProgress'];

/** Turns the user's input into a job with every default filled in, and finds in seconds which server is away. */
export function validateArchive(deps: Dependencies) {
  return async ({ input, id, scheduledAt }: ValidateJobInput, context: StepContext): Promise<ArchiveJob> => {
    const { plan: _plan, history, ...rest } = parseArchiveInput(input);
    const staging = runFolder(rest.dest, rest.exec, id);
    if (encodeURIComponent(id).length > LONGEST_NAME)
      throw new JobError(
        'input-invalid',
        `The workflow's id makes a folder name of more than ${LONGEST_NAME} bytes on HDFS: start the archive under a shorter id.`,
        { id },
      );
    const job: ArchiveJob = {
      ...rest,
      id,
      topic: rest.topics.include.join(',') || '*',
      history: history ?? `${rest.exec}/history`,
      staging,
      scheduledAt,
      searchAttributes: [],
      tuning: { heartbeatTimeoutMs: deps.tuning.heartbeatTimeoutMs, decodeTaskQueue: deps.tuning.decodeTaskQueue },
    };
    const { hdfs, kafka } = job.connections;
    await reachServers(deps, { hdfs, kafka: { name: kafka, topic: PROBE_TOPIC } }, context);
    return { ...job, searchAttributes: await registeredAttributes(context.temporal, SEARCH_ATTRIBUTES) };
  };
}
