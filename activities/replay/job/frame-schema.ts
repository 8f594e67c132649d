import type { SchemaRegistry } from '../../../connections/registry/schema-registry.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import type { Dependencies } from '../../dependencies.ts';
import { wholeSchema } from '../../log/schemas/whole-schema.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from './replay-job.ts';
import { pinWriterFrames } from './writer-frames.ts';

/** Name of the connection where a job names none. */
const DEFAULT_CONNECTION = 'default';

/**
 * In the place of an id where each file has its own: a worker of a release that knows no such frame takes what is pinned for
 * the output schema, which it is not, and fails. Without an id it would publish records without a frame.
 */
const FILES_OWN = -1;

/**
 * Id of the one schema that `output.frame` asks for; -1 where it asks for each file's own, undefined where for none. To be kept
 * with the job: what is the latest may change while it runs.
 *
 * @throws JobError 'schema-unusable'
 */
export async function frameIdOf(
  deps: Pick<Dependencies, 'registry'>,
  job: ReplayJob,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { frame } = job.output;
  if (frame === 'writer') return FILES_OWN;
  if (frame !== 'latest') return frame;
  const registry = registryOf(deps, job);
  const subject = subjectOf(job);
  const latest = await registry.latest(subject, signal);
  if (latest !== undefined) return latest.id;
  throw new JobError(
    'schema-unusable',
    `${registry.describe()} has no subject ${subject}, whose latest schema output.frame asks for. Set output.subject, or give the id of a schema as output.frame.`,
    { subject },
  );
}

/**
 * The output schema that the frame of a job names, whole.
 *
 * @throws JobError 'schema-unusable'
 */
export async function frameSchema(
  deps: Pick<Dependencies, 'registry'>,
  job: ReplayJob & { frameId: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { frameId } = job;
  const registry = registryOf(deps, job);
  const unusable = (why: string): JobError =>
    new JobError(
      'schema-unusable',
      `The schema with id ${frameId} of ${registry.describe()} can't be the output schema: ${why}. Check output.frame and connections.registry.`,
      { id: frameId },
    );
  const found = await registry.schemaById(frameId, subjectOf(job), signal);
  if (found === undefined) throw unusable('the registry has none');
  try {
    const json = await wholeSchema(registry, found, signal);
    parseSchema(json);
    return Buffer.from(json);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw unusable(error.message);
  }
}

/** Of `output.frame` "writer": the ids of all schemas that files may have. */
export function writerFrames(
  deps: Pick<Dependencies, 'registry'>,
  job: ReplayJob,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return pinWriterFrames(registryOf(deps, job), subjectOf(job), signal);
}

/** Whether something is pinned in place of each file's own schema, or beside it. */
export function pinsSchema({ output, frameId }: Pick<ReplayJob, 'output' | 'frameId'>): boolean {
  return output.schema !== undefined || frameId !== undefined || output.frame === 'writer';
}

function subjectOf({ topic, output }: ReplayJob): string {
  return (output.subject ?? '{topic}-value').replaceAll('{topic}', topic);
}

function registryOf(deps: Pick<Dependencies, 'registry'>, { connections }: ReplayJob): SchemaRegistry {
  return deps.registry(connections.registry ?? DEFAULT_CONNECTION);
}
