import type { SchemaRegistry } from '../../../../connections/registry/schema-registry.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import type { ArchiveJob } from '../../job/archive-job.ts';
import type { FileFormat } from '../../job/file-format.ts';
import { schemaOf } from '../../../log/schemas/schema-of.ts';
import { subjectOf } from '../../../log/schemas/subject-of.ts';
import { wholeSchema } from '../../../log/schemas/whole-schema.ts';
import type { CopySchema } from '../../schemas/schema-copies.ts';
import { FrameIds } from './frame-ids.ts';
import { TimesInRecords } from './times-in-records.ts';
import { WholeRecords } from './whole-records.ts';

/** The reader of a topic's whole records; where the job asks for ids, their schemas are copied beside the data. */
export function wholeRecords(
  job: ArchiveJob,
  topic: string,
  { codec }: Extract<FileFormat, { format: 'avro' }>,
  registry: SchemaRegistry | undefined,
  copySchema: CopySchema | undefined,
): WholeRecords {
  const { time, schemaIds, files } = job;
  const times = time.field === undefined ? undefined : new TimesInRecords({ ...time, field: time.field });
  const asked = schemaIds === 'none' ? undefined : { registry, copySchema };
  if (asked !== undefined && (asked.registry === undefined || asked.copySchema === undefined))
    throw new TypeError('ids of schemas need a registry; the plan was to have asked for one');
  const ids =
    asked &&
    new FrameIds({
      keys: schemaIds !== 'values',
      values: schemaIds !== 'keys',
      load: async (key, side, signal) => {
        // Of a schema-repo, whose numbers count for each subject: keys have none of their own there.
        const subject = side === 'value' ? subjectOf(job, topic) : `${topic}-key`;
        const found = await schemaOf(asked.registry!, key, subject, signal);
        if (found === undefined) return undefined;
        await asked.copySchema!(topic, found, String(found.id >= 0 ? found.id : key), signal);
        if (side === 'value') await learn(times, asked.registry!, found, signal);
        return found;
      },
    });
  return new WholeRecords({ topic, codec, level: files.level, ids, times });
}

async function learn(
  times: TimesInRecords | undefined,
  registry: SchemaRegistry,
  schema: Parameters<typeof wholeSchema>[1] & { id: number },
  signal: AbortSignal,
): Promise<void> {
  if (times === undefined || schema.id < 0) return;
  try {
    times.learn(schema.id, await wholeSchema(registry, schema, signal));
  } catch (error) {
    // Of another kind than Avro, or with a reference that is gone: its records have no time of their own.
    if (!(error instanceof FormatError)) throw error;
  }
}
