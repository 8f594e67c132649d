import { ConnectionError } from '../../../../connections/connection-error.ts';
import type { RegisteredSchema, SchemaRegistry } from '../../../../connections/registry/schema-registry.ts';
import { NIFI_DELIMITER } from '../../../../formats/nifi/delimiter.ts';
import type { ArchiveJob } from '../../job/archive-job.ts';
import { fileFormat, type FileFormat } from '../../job/file-format.ts';
import type { PlannedSchema } from '../../plan/plan-file.ts';
import { subjectOf } from '../../plan/pinned-schemas.ts';
import { wholeSchema } from '../../schemas/whole-schema.ts';
import { AvroValues } from './avro-values.ts';
import type { SchemaKey } from './datum-source.ts';
import { FramedDatums } from './framed-datums.ts';
import { JsonDatums } from './json-datums.ts';
import { lineFiles } from './line-files.ts';
import { LineValues } from './line-values.ts';
import { NifiValues } from './nifi-values.ts';
import { sequenceFiles } from './sequence-files.ts';
import type { ValueReader } from './value-reader.ts';
import { WrappedValues } from './wrapped-values.ts';

/** Readers of the topics' values, made when a topic first comes; they keep the schemas that they have compiled. */
export function valueReaders(
  job: ArchiveJob,
  schemas: readonly PlannedSchema[],
  registry: SchemaRegistry | undefined,
): (topic: string) => ValueReader {
  const readers = new Map<string, ValueReader>();
  const format = fileFormat(job);
  return (topic) => {
    const known = readers.get(topic);
    if (known !== undefined) return known;
    const reader = valueReader(job, topic, format, schemas.find((each) => each.topic === topic)?.json, registry);
    readers.set(topic, reader);
    return reader;
  };
}

function valueReader(
  job: ArchiveJob,
  topic: string,
  format: FileFormat,
  readerJson: string | undefined,
  registry: SchemaRegistry | undefined,
): ValueReader {
  const { time, files, value, schema, nifi } = job;
  if (format.format !== 'avro') {
    const lines = format.format === 'text' ? lineFiles(format, files) : sequenceFiles(format);
    if (value === 'nifi') return new NifiValues(lines, topic, nifi?.delimiter ?? NIFI_DELIMITER, time);
    if (value === 'json-wrapped') return new WrappedValues(lines, topic, time);
    return new LineValues(lines, { json: value === 'json', field: time.field, format: time.format });
  }
  if (registry === undefined) throw new TypeError('Avro values need a registry; the plan was to have asked for one');
  if (schema === 'latest' && readerJson === undefined)
    throw new TypeError('the plan has no schema of a topic that is read');
  const subject = subjectOf(job, topic);
  return new AvroValues({
    source: value === 'avro-json' ? new JsonDatums(job.schemaIdField) : new FramedDatums(),
    schemaByKey: async (key, signal) => {
      const found = await schemaOf(registry, key, subject, signal);
      return found && wholeSchema(registry, found, signal);
    },
    reader: schema === 'latest' ? readerJson : undefined,
    timeField: time.field,
    codec: format.codec,
    level: files.level,
  });
}

async function schemaOf(
  registry: SchemaRegistry,
  key: SchemaKey,
  subject: string,
  signal: AbortSignal,
): Promise<RegisteredSchema | undefined> {
  if (typeof key === 'number') return registry.schemaById(key, subject, signal);
  try {
    return await registry.schemaByGuid(key, signal);
  } catch (error) {
    // Of a kind or an age that has no GUIDs: whoever put one into a message may not end the whole run.
    if (error instanceof ConnectionError && error.fault === 'refused') return undefined;
    throw error;
  }
}
