import { ConnectionError } from '../connections/connection-error.ts';
import type { FileStore } from '../connections/hdfs/file-store.ts';
import { parseSchema } from '../formats/avro/schema/parse-schema.ts';
import { FormatError } from '../formats/format-error.ts';
import { refuseForeign } from './claim-replay-topic.ts';
import type { Dependencies } from './dependencies.ts';
import { JobError } from './job/job-error.ts';
import { parseReplayInput } from './job/parse-input.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { resolveJob } from './job/resolve-job.ts';
import { searchAttributesToSet } from './job/search-attributes.ts';
import { checkTakeUp, pinned } from './job/take-up.ts';
import { assertOwn, readPosition } from './publish/publish-position.ts';
import type { StepContext } from './run-step.ts';
import { Staging } from './staging.ts';
import type { ValidateJobInput } from './steps.ts';

/**
 * Turns the user's input into a job with every default filled in, and finds what is wrong with it in seconds instead
 * of hours: fields, connections, the output schema, a replay topic that is somebody else's.
 */
export function validateJob(deps: Dependencies) {
  return async (
    { input, id, scheduledAt }: ValidateJobInput,
    { signal, temporal }: StepContext,
  ): Promise<ReplayJob> => {
    const parsed = parseReplayInput(input, scheduledAt);
    const asked = resolveJob(parsed, id, scheduledAt, deps);
    const store = deps.hdfs(asked.connections.hdfs);
    const kafka = deps.kafka(asked.connections.kafka);
    if (asked.offsets.group !== undefined && asked.offsets.zookeeper) await deps.zookeeper(asked.connections.zookeeper);
    if (parsed.takeUp !== undefined) await checkTakeUp(store, temporal, asked, signal);
    const job = pinned(asked, await new Staging(store, asked.staging).begin(asked, signal));
    if (job.output.schema !== undefined) await pinSchema(store, job, job.output.schema, signal);
    if (!job.offsetsOnly) {
      const position = await readPosition(kafka, job.replayTopic.name, { pending: 'ignore' });
      const topic = await kafka.describeTopic(job.replayTopic.name);
      if (topic !== undefined) {
        if (position === undefined) refuseForeign(topic);
        else assertOwn(topic.topic, position, job.id, position.fingerprint);
      }
    }
    return { ...job, searchAttributes: await searchAttributesToSet(temporal) };
  };
}

/** The schema as it is now is the job's, even if the file changes while the job runs. */
async function pinSchema(store: FileStore, job: ReplayJob, path: string, signal: AbortSignal): Promise<void> {
  const staging = new Staging(store, job.staging);
  if ((await staging.readSmall(staging.schema, signal)) !== undefined) return;
  const bytes = await readSchemaFile(store, staging, path, signal);
  try {
    parseSchema(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new JobError(
      'schema-unusable',
      `The output schema can't be used. ${error.describe(path)}. Check output.schema.`,
      { path },
    );
  }
  await staging.putSmall(staging.schema, bytes, signal);
}

async function readSchemaFile(
  store: FileStore,
  staging: Staging,
  path: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    const bytes = await staging.readSmall(path, signal);
    if (bytes !== undefined) return bytes;
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.retryable) throw error;
    throw new JobError('schema-unusable', `The output schema ${path} can't be read: ${error.message}`, { path });
  }
  throw new JobError(
    'schema-unusable',
    `There is no output schema at ${path} on ${store.describe()}. Check output.schema.`,
    { path },
  );
}
