import type { SchemaRegistry } from '../../../../connections/registry/schema-registry.ts';
import type { ArchiveJob } from '../../job/archive-job.ts';
import { fileFormat, type FileFormat } from '../../job/file-format.ts';
import type { PlannedSchema } from '../../plan/plan-file.ts';
import { subjectOf } from '../../plan/pinned-schemas.ts';
import { AvroValues } from './avro-values.ts';
import { lineFiles } from './line-files.ts';
import { LineValues } from './line-values.ts';
import { sequenceFiles } from './sequence-files.ts';
import type { ValueReader } from './value-reader.ts';

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
  const { time, files, value, schema } = job;
  if (format.format !== 'avro')
    return new LineValues(format.format === 'text' ? lineFiles(format, files) : sequenceFiles(format), {
      json: value === 'json',
      field: time.field,
      format: time.format,
    });
  if (registry === undefined) throw new TypeError('Avro values need a registry; the plan was to have asked for one');
  if (schema === 'latest' && readerJson === undefined)
    throw new TypeError('the plan has no schema of a topic that is read');
  const subject = subjectOf(job, topic);
  return new AvroValues({
    schemaById: async (id, signal) => (await registry.schemaById(id, subject, signal))?.schema,
    reader: schema === 'latest' ? readerJson : undefined,
    timeField: time.field,
    codec: format.codec,
    level: files.level,
  });
}
