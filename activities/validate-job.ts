import { ConnectionError } from '../connections/connection-error.ts';
import type { FileStore } from '../connections/hdfs/file-store.ts';
import { parseSchema } from '../formats/avro/schema/parse-schema.ts';
import { FormatError } from '../formats/format-error.ts';
import { refuseForeign } from './claim-replay-topic.ts';
import type { Dependencies } from './dependencies.ts';
import { JobError } from './job/job-error.ts';
import { toMillis, type ParsedReplayInput } from './job/job-input.ts';
import { parseReplayInput } from './job/parse-input.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { camusTopicFolder } from './job/topic-name.ts';
import { assertOwn, readPosition } from './publish/publish-position.ts';
import type { StepContext } from './run-step.ts';
import { Staging, stagingFolder } from './staging.ts';
import type { ValidateJobInput } from './steps.ts';

/**
 * Turns the user's input into a job with every default filled in, and finds what is wrong with it in seconds instead
 * of hours: fields, connections, the output schema, a replay topic that is somebody else's.
 */
export function validateJob(deps: Dependencies) {
  return async ({ input, id }: ValidateJobInput, { signal }: StepContext): Promise<ReplayJob> => {
    const parsed = parseReplayInput(input);
    const job = resolveJob(parsed, id, deps);
    const store = deps.hdfs(job.connections.hdfs);
    const kafka = deps.kafka(job.connections.kafka);
    if (job.offsets.group !== undefined && job.offsets.zookeeper) await deps.zookeeper(job.connections.zookeeper);
    await new Staging(store, job.staging).begin({ id: job.id, topic: job.topic }, signal);
    if (job.output.schema !== undefined) await pinSchema(store, job, job.output.schema, signal);
    if (!job.offsetsOnly) {
      const position = await readPosition(kafka, job.replayTopic.name, { pending: 'ignore' });
      const topic = await kafka.describeTopic(job.replayTopic.name);
      if (topic !== undefined) {
        if (position === undefined) refuseForeign(topic);
        else assertOwn(topic.topic, position, job.id, position.fingerprint);
      }
    }
    return job;
  };
}

function resolveJob(parsed: ParsedReplayInput, id: string, deps: Dependencies): ReplayJob {
  const { topic, archive, from, to, staging, replayTopic, ...rest } = parsed;
  const folder = camusTopicFolder(topic);
  const history = archive.history ?? (archive.exec === undefined ? undefined : `${archive.exec}/base/history`);
  const dest = archive.dest === undefined ? undefined : `${escapeGlob(archive.dest)}/${folder}/hourly/*/*/*/*`;
  return {
    ...rest,
    id,
    topic,
    replayTopic: { ...replayTopic, name: replayTopic.name ?? `${topic}_REPLAY` },
    archive,
    input: archive.input ?? dest,
    history,
    from: from === undefined ? undefined : toMillis(from),
    to: to === undefined ? undefined : toMillis(to),
    staging: stagingFolder(staging, topic, id),
    tuning: deps.tuning,
  };
}

/** A folder's name is no pattern, whatever characters it has. */
function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\]{}]/g, '\\$&');
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
