import { ConnectionError } from '../../../connections/connection-error.ts';
import type { RegisteredSchema, SchemaRegistry } from '../../../connections/registry/schema-registry.ts';
import type { SchemaKey } from '../values/datum-source.ts';

/** The schema that a message names; undefined where the registry doesn't know it. */
export async function schemaOf(
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
