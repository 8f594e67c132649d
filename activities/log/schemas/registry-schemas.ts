import type { SchemaRegistry } from '../../../connections/registry/schema-registry.ts';
import type { SchemaKey } from '../values/datum-source.ts';
import { schemaOf } from './schema-of.ts';
import { wholeSchema } from './whole-schema.ts';

/**
 * Text of a writer's schema by what the value calls it; undefined where the registry doesn't know it. Throws FormatError
 * 'schema' for one that can't be used.
 */
export type SchemaByKey = (key: SchemaKey, signal: AbortSignal) => Promise<string | undefined>;

/** Writers' schemas as a registry has them, with all that they refer to. */
export function registrySchemas(registry: SchemaRegistry, subject: string): SchemaByKey {
  return async (key, signal) => {
    const found = await schemaOf(registry, key, subject, signal);
    return found && wholeSchema(registry, found, signal);
  };
}
