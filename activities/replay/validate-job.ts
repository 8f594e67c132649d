import { ConnectionError } from '../../connections/connection-error.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import { parseSchema } from '../../formats/avro/schema/parse-schema.ts';
import { FormatError } from '../../formats/format-error.ts';
import type { Dependencies } from '../dependencies.ts';
import { functionsHashOf } from './functions/job-functions.ts';
import { JobError } from '../step/job-error.ts';
import type { ParsedReplayInput } from './job/job-input.ts';
import { frameIdOf, frameSchema, pinsSchema, writerFrames } from './job/frame-schema.ts';
import { parseReplayInput } from './job/parse-input.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { resolveJob } from './job/resolve-job.ts';
import { SEARCH_ATTRIBUTES } from './job/search-attribute-names.ts';
import { withSniffedFormat } from './job/sniff-format.ts';
import { checkTakeUp, own } from './job/check-take-up.ts';
import { stagingPlace } from './job/staging-place.ts';
import { goingOn } from './job/take-up.ts';
import { lookAtReplayTopic, replayTopicProblems } from './publish/check-replay-topic.ts';
import { reachServers, whileReaching } from '../step/reach-servers.ts';
import { serversOfJob } from './job/servers-of-job.ts';
import { registeredAttributes } from '../step/registered-attributes.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import type { ValidateJobInput } from './steps.ts';

/**
 * Turns the user's input into a job with every default filled in, and finds what is wrong with it in seconds instead
 * of hours: fields, connections, the output schema, a replay topic that is somebody else's.
 */
export function validateJob(deps: Dependencies) {
  return async ({ input, id, scheduledAt, startedAt }: ValidateJobInput, context: StepContext): Promise<ReplayJob> => {
    const { signal, temporal } = context;
    const given = parseReplayInput(input, scheduledAt);
    const wish = resolveJob(given, id, scheduledAt, deps);
    if (!wish.offsetsOnly) deps.decoder.warmUp();
    await reachServers(deps, serversOfJob(wish), context);
    return whileReaching(deps, context, async () => {
      const store = deps.hdfs(wish.connections.hdfs);
      const parsed = await withFormat(store, given, id, scheduledAt, signal);
      const asked = resolveJob(parsed, id, scheduledAt, deps);
      const place = { staging: parsed.staging, topic: asked.topic, job: asked.id };
      const wanted = {
        ...asked,
        begunAt: startedAt,
        staging: await stagingPlace(store, place, signal),
        functionsHash: await functionsHashOf(deps, asked),
        frameId: await frameIdOf(deps, asked, signal),
      };
      if (parsed.takeUp !== undefined) await checkTakeUp(store, temporal, id, parsed, wanted, signal);
      const staging = new Staging(store, wanted.staging);
      const begun = await staging.readBeginning(signal);
      const looked = begun === undefined ? wanted : goingOn(begun.job, wanted);
      const readSchema = usableSchema(deps, staging, looked, signal);
      readSchema.catch(() => undefined); // told in its turn
      if (!looked.offsetsOnly) await checkReplayTopic(deps.kafka(looked.connections.kafka), looked);
      const usable = await readSchema;
      // Only now does a job leave something behind. Another attempt may have been first, and have found another schema.
      const job = begun === undefined ? goingOn((await staging.begin(looked, signal)).job, looked) : looked;
      if (begun !== undefined) await own(store, temporal, id, job, signal);
      const schema = job.frameId === looked.frameId ? usable : await usableSchema(deps, staging, job, signal);
      if (schema !== undefined) await staging.putSmall(staging.schema, schema, signal);
      return { ...job, searchAttributes: await registeredAttributes(temporal, SEARCH_ATTRIBUTES) };
    });
  };
}

/** The input with the format that its job was begun with, or that the archive's first file tells. */
export async function withFormat(
  store: FileStore,
  parsed: ParsedReplayInput,
  id: string,
  scheduledAt: number,
  signal: AbortSignal,
): Promise<ParsedReplayInput> {
  const { takeUp, staging, topic, archive } = parsed;
  if (archive.format !== 'auto') return parsed;
  const place = await stagingPlace(store, { staging, topic, job: takeUp ?? id }, signal);
  const begun = await new Staging(store, place).readBeginning(signal);
  if (begun === undefined) return withSniffedFormat(store, parsed, scheduledAt, signal);
  const sniffed = begun.job.archive.format === 'record';
  return sniffed ? { ...parsed, archive: { ...archive, format: 'record' } } : parsed;
}

/** Throws for the first thing that is wrong with the replay topic before anything is written to it. */
async function checkReplayTopic(kafka: KafkaConnection, job: ReplayJob): Promise<void> {
  const [problem] = replayTopicProblems(await lookAtReplayTopic(kafka, job), job);
  if (problem !== undefined) throw problem;
}

/**
 * The output schema, or the ids of the files' own, if the job asks for them: as it was when the job began, even if the file changes while it runs.
 *
 * @throws JobError 'schema-unusable'
 */
export async function usableSchema(
  deps: Pick<Dependencies, 'hdfs' | 'registry'>,
  staging: Staging,
  job: ReplayJob,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const { frameId, connections } = job;
  const { schema: path } = job.output;
  if (!pinsSchema(job)) return undefined;
  const pinnedBytes = await staging.readSmall(staging.schema, signal);
  if (pinnedBytes !== undefined) return pinnedBytes;
  if (job.output.frame === 'writer') return writerFrames(deps, job, signal);
  if (frameId !== undefined) return frameSchema(deps, { ...job, frameId }, signal);
  if (path === undefined) return undefined;
  const store = deps.hdfs(connections.hdfs);
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
  return bytes;
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
