import type { SchemaRegistry } from '../../../connections/registry/schema-registry.ts';
import { registrySchemas } from '../../log/schemas/registry-schemas.ts';
import { subjectOf } from '../../log/schemas/subject-of.ts';
import { FramedDatums } from '../../log/values/framed-datums.ts';
import { JsonDatums } from '../../log/values/json-datums.ts';
import type { DecoderName } from '../job/ranges-input.ts';
import type { RangesJob } from '../job/ranges-job.ts';
import { AvroDecoder } from './avro-decoder.ts';
import { JSON_VALUES, TEXT, type ValueDecoder } from './value-decoder.ts';

/**
 * What decodes the values of a topic; undefined under `none`.
 *
 * @param reader - schema that the plan has pinned for the topic
 */
export function decoderOf(
  decode: DecoderName,
  topic: string,
  job: Pick<RangesJob, 'schema' | 'schemaIdField' | 'subject'>,
  reader: string | undefined,
  registry: SchemaRegistry | undefined,
): ValueDecoder | undefined {
  if (decode === 'none') return undefined;
  if (decode === 'text') return TEXT;
  if (decode === 'json') return JSON_VALUES;
  if (registry === undefined) throw new TypeError('Avro values need a registry; the plan was to have asked for one');
  if (job.schema === 'latest' && reader === undefined)
    throw new TypeError('the plan has no schema of a topic that is read');
  const source = decode === 'avro-json' ? new JsonDatums(job.schemaIdField) : new FramedDatums();
  const writers = registrySchemas(registry, subjectOf(job, topic));
  return new AvroDecoder(source, writers, job.schema === 'latest' ? reader : undefined);
}
