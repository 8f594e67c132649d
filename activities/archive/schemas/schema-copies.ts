import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { RegisteredSchema, SchemaRegistry } from '../../../connections/registry/schema-registry.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { JobError } from '../../step/job-error.ts';
import { putInPlace } from '../../step/put-in-place.ts';
import { referencedSchemas } from '../../log/schemas/referenced-schemas.ts';

/** Copies schemas of a registry beside the data whose records name them. */
export type CopySchema = (topic: string, schema: RegisteredSchema, name: string, signal: AbortSignal) => Promise<void>;

/** Folder of a topic's schemas; hidden, so that no reader of files takes it for data. */
export const SCHEMAS_FOLDER = '.schemas';

/**
 * Copies to `FOLDER/.schemas/NAME.json`, as the registry answers, with all that the schema refers to: the archive is
 * read, and a registry filled again, when this one is gone. Written once, by a rename; what is there already must be the
 * same.
 *
 * @param folderOf - folder of a topic
 */
export function schemaCopies(
  store: FileStore,
  registry: SchemaRegistry,
  folderOf: (topic: string) => string,
): CopySchema {
  return async (topic, schema, name, signal) => {
    const path = `${folderOf(topic)}/${SCHEMAS_FOLDER}/${name}.json`;
    const text = Buffer.from(`${JSON.stringify(await withReferences(registry, schema, signal), undefined, 2)}\n`);
    if (await isThere(store, path, text, signal)) return;
    await store.makeDirectory(path.slice(0, path.lastIndexOf('/')), signal);
    if (!(await putInPlace(store, path, [text], { signal }))) await isThere(store, path, text, signal);
  };
}

async function withReferences(
  registry: SchemaRegistry,
  { id, type, schema, references }: RegisteredSchema,
  signal: AbortSignal,
): Promise<object> {
  const referenced: object[] = [];
  try {
    for await (const { found } of referencedSchemas(registry, references, signal))
      if (found !== undefined)
        referenced.push({
          subject: found.subject,
          version: found.version,
          id: found.id,
          schemaType: found.type,
          schema: found.schema,
          references: found.references,
        });
  } catch (error) {
    // A registry in disorder takes nothing from the record, whose bytes are kept in any case.
    if (!(error instanceof FormatError)) throw error;
  }
  return { id, schemaType: type, schema, references, referenced };
}

async function isThere(store: FileStore, path: string, text: Buffer, signal: AbortSignal): Promise<boolean> {
  const status = await store.status(path, signal);
  if (status === undefined) return false;
  const found = Buffer.from(await store.read(path, 0, status.length, signal));
  if (found.equals(text)) return true;
  throw new JobError(
    'archive-target-exists',
    `${path} is there already, and holds another schema than the registry has under this id: was the registry filled anew, or does the job ask another one? Records of two meanings can't be told apart by the same id. Set connections.registry to the registry that the topic's producers use, or archive into another dest.`,
    { path, expected: text.length, found: found.length },
  );
}
