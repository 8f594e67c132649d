import type { ArchiveJob } from '../../job/archive-job.ts';
import { fileFormat, type FileFormat } from '../../job/file-format.ts';
import type { PlannedSchema } from '../../plan/plan-file.ts';
import { AvroValues, type SchemaById } from './avro-values.ts';
import { lineFiles } from './line-files.ts';
import { LineValues } from './line-values.ts';
import type { ValueReader } from './value-reader.ts';

/** Readers of the topics' values, made when a topic first comes; they keep the schemas that they have compiled. */
export function valueReaders(
  job: ArchiveJob,
  schemas: readonly PlannedSchema[],
  schemaById: SchemaById | undefined,
): (topic: string) => ValueReader {
  const readers = new Map<string, ValueReader>();
  const format = fileFormat(job);
  return (topic) => {
    const known = readers.get(topic);
    if (known !== undefined) return known;
    const reader = valueReader(job, format, schemas.find((each) => each.topic === topic)?.json, schemaById);
    readers.set(topic, reader);
    return reader;
  };
}

function valueReader(
  { time, files, value, schema }: ArchiveJob,
  format: FileFormat,
  readerJson: string | undefined,
  schemaById: SchemaById | undefined,
): ValueReader {
  if (format.format !== 'avro')
    return new LineValues(lineFiles(format, files), {
      json: value === 'json',
      field: time.field,
      format: time.format,
    });
  if (schemaById === undefined) throw new TypeError('Avro values need a registry; the job was to be checked');
  if (schema === 'latest' && readerJson === undefined)
    throw new TypeError('the plan has no schema of a topic that is read');
  return new AvroValues({
    schemaById,
    reader: schema === 'latest' ? readerJson : undefined,
    timeField: time.field,
    codec: format.codec,
    level: files.level,
  });
}
