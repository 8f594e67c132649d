import type { SchemaRegistry } from '../../../../connections/registry/schema-registry.ts';
import { NIFI_DELIMITER } from '../../../../formats/nifi/delimiter.ts';
import type { ArchiveJob } from '../../job/archive-job.ts';
import { fileFormat, type FileFormat } from '../../job/file-format.ts';
import type { PlannedSchema } from '../../../log/schemas/planned-schema.ts';
import { registrySchemas } from '../../../log/schemas/registry-schemas.ts';
import { subjectOf } from '../../../log/schemas/subject-of.ts';
import { FramedDatums } from '../../../log/values/framed-datums.ts';
import { JsonDatums } from '../../../log/values/json-datums.ts';
import type { CopySchema } from '../../schemas/schema-copies.ts';
import { AvroValues } from './avro-values.ts';
import { JsonValues } from './json-values.ts';
import { lineFiles } from './line-files.ts';
import { LineValues } from './line-values.ts';
import { NifiValues } from './nifi-values.ts';
import { sequenceFiles } from './sequence-files.ts';
import type { ValueReader } from './value-reader.ts';
import { WholeRecords } from './whole-records.ts';
import { wholeRecords } from './open-whole-records.ts';
import { WrappedValues } from './wrapped-values.ts';

/** Readers of the topics' values, made when a topic first comes; they keep the schemas that they have compiled. */
export function valueReaders(
  job: ArchiveJob,
  schemas: readonly PlannedSchema[],
  registry: SchemaRegistry | undefined,
  copySchema?: CopySchema,
): (topic: string) => ValueReader {
  const readers = new Map<string, ValueReader>();
  const format = fileFormat(job);
  return (topic) => {
    const known = readers.get(topic);
    if (known !== undefined) return known;
    const reader = valueReader(
      job,
      topic,
      format,
      schemas.find((each) => each.topic === topic)?.json,
      registry,
      copySchema,
    );
    readers.set(topic, reader);
    return reader;
  };
}

/** Readers of whole records, whatever the job's values are. */
export function wholeReaders(): (topic: string) => ValueReader {
  const readers = new Map<string, ValueReader>();
  return (topic) => {
    const reader =
      readers.get(topic) ?? new WholeRecords({ topic, codec: 'deflate', ids: undefined, times: undefined });
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
  copySchema: CopySchema | undefined,
): ValueReader {
  const { time, files, value, schema, nifi } = job;
  if (format.format !== 'avro') {
    const lines = format.format === 'text' ? lineFiles(format, files) : sequenceFiles(format);
    if (value === 'nifi') return new NifiValues(lines, topic, nifi?.delimiter ?? NIFI_DELIMITER, time);
    if (value === 'json-wrapped') return new WrappedValues(lines, topic, time);
    return value === 'json' ? new JsonValues(lines, time) : new LineValues(lines, time);
  }
  if (value === 'record') return wholeRecords(job, topic, format, registry, copySchema);
  if (registry === undefined) throw new TypeError('Avro values need a registry; the plan was to have asked for one');
  if (schema !== 'writer' && readerJson === undefined)
    throw new TypeError('the plan has no schema of a topic that is read');
  return new AvroValues({
    source: value === 'avro-json' ? new JsonDatums(job.schemaIdField) : new FramedDatums(),
    schemaByKey: registrySchemas(registry, subjectOf(job, topic)),
    reader: schema === 'writer' ? undefined : readerJson,
    timeField: time.field,
    codec: format.codec,
    level: files.level,
  });
}
