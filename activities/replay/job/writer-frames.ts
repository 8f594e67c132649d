import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SchemaRegistry, SubjectVersion } from '../../../connections/registry/schema-registry.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import type { AvroSchema } from '../../../formats/avro/schema/schema.ts';
import { schemaText } from '../../../formats/avro/schema/schema-text.ts';
import { wholeSchema } from '../../log/schemas/whole-schema.ts';
import { JobError } from '../../step/job-error.ts';

/** Versions that are asked for at a time. */
const AT_ONCE = 8;

/**
 * The ids of a subject's schemas, by hashes of these, as they were when the job began: what pins them stays small, and
 * needs no schema.
 */
const framesShape = z.object({
  registry: z.string(),
  subject: z.string(),
  versions: z.int(),
  ids: z.record(z.string(), z.int()),
});
type WriterFrames = z.infer<typeof framesShape>;

/**
 * What a job with `output.frame` "writer" pins in place of an output schema: the id of each schema of the subject. Where
 * two versions are the same to the encoding, and a file's schema is none of them to the letter, the newer one counts.
 *
 * @throws JobError 'schema-unusable' where the subject has none
 */
export async function pinWriterFrames(
  registry: SchemaRegistry,
  subject: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const versions = await registry.versions(subject, signal);
  const ids: WriterFrames['ids'] = {};
  for (let at = 0; at < versions.length; at += AT_ONCE) {
    const some = versions.slice(at, at + AT_ONCE);
    const found = await Promise.all(some.map((version) => registry.version(subject, version, signal)));
    for (const one of found) if (one !== undefined) await addVersion(registry, one, ids, signal);
  }
  if (Object.keys(ids).length === 0)
    throw new JobError(
      'schema-unusable',
      `${registry.describe()} has no Avro schema of the subject ${subject}, among which output.frame "writer" looks for those of the files. Set output.subject, or give the id of a schema as output.frame.`,
      { subject },
    );
  const frames: WriterFrames = { registry: registry.describe(), subject, versions: versions.length, ids };
  return Buffer.from(JSON.stringify(frames));
}

/**
 * Id of the schema that a file was written with.
 *
 * @param frames - what `pinWriterFrames` gave
 * @throws FormatError 'schema' where the subject has none that encodes as it does
 */
export function writerFrameId(frames: string, json: string, schema: AvroSchema): number {
  const { registry, subject, versions, ids } = framesShape.parse(JSON.parse(frames));
  for (const hash of hashesOf(json, schema)) if (ids[hash] !== undefined) return ids[hash];
  throw new FormatError(
    'schema',
    'the schema of the file has no id in the registry, and output.frame "writer" puts it in front of each record. Name the subject that it is registered with in output.subject, register it, or give the id of a schema, to which records are resolved, as output.frame',
    {
      expected: `one of the ${versions} versions of ${subject} in ${registry}, as they were when the job began`,
      found: `another one: ${json.slice(0, 200)}`,
    },
  );
}

async function addVersion(
  registry: SchemaRegistry,
  version: SubjectVersion,
  ids: WriterFrames['ids'],
  signal: AbortSignal,
): Promise<void> {
  try {
    const json = await wholeSchema(registry, version, signal);
    for (const hash of hashesOf(json, parseSchema(json, { lenient: true }))) ids[hash] = version.id;
  } catch (error) {
    // Of another type, or none that Avro reads: no file has it.
    if (!(error instanceof FormatError)) throw error;
  }
}

/** From the closest likeness to the widest. */
function hashesOf(json: string, schema: AvroSchema): string[] {
  const texts = [json, schemaText(schema, 'model'), schemaText(schema, 'bytes')];
  return texts.map((text, likeness) => createHash('sha256').update(`${likeness}\n${text}`).digest('hex'));
}
