import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { FormatError } from '../../../formats/format-error.ts';
import type { PlannedSchema } from './planned-schema.ts';

/** Longer ones are no schemas: it is part of a plan. */
const MOST_BYTES = 1024 * 1024;

/** Stands for the id that a registry would have given. */
const NO_ID = -1;

/**
 * The reader's schema of each topic, from a file on HDFS as it is at this moment. A topic without a file, or whose schema
 * can't be used, is a problem of its own.
 *
 * @param path of the file; `{topic}` stands for the topic's name
 */
export async function schemasInFiles(
  store: FileStore,
  path: string,
  topics: readonly string[],
  signal: AbortSignal,
): Promise<{ schemas: PlannedSchema[]; problems: Map<string, string> }> {
  const schemas: PlannedSchema[] = [];
  const problems = new Map<string, string>();
  for (const topic of topics) {
    const file = path.replaceAll('{topic}', topic);
    try {
      schemas.push({ kind: 'schema', topic, subject: file, id: NO_ID, json: await schemaIn(store, file, signal) });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.set(topic, `${topic}: the schema ${file} can't be used: ${error.message}. Put it there, or set schema`);
    }
  }
  return { schemas, problems };
}

async function schemaIn(store: FileStore, file: string, signal: AbortSignal): Promise<string> {
  const status = await store.status(file, signal);
  if (status?.kind !== 'file') throw new FormatError('schema', 'it is not there');
  if (status.length > MOST_BYTES)
    throw new FormatError('schema', `it has ${status.length} bytes, and no schema has more than ${MOST_BYTES}`);
  const json = Buffer.from(await store.read(file, 0, status.length, signal)).toString();
  parseSchema(json);
  return json;
}
