import { CachedRegistry } from './cached-registry.ts';
import type { RegistryConfig } from './config.ts';
import { ConfluentRegistry } from './confluent-registry.ts';
import { SchemaRepoRegistry } from './schema-repo.ts';
import type { SchemaRegistry } from './schema-registry.ts';

/** Opens a registry by its kind; nothing is asked before the first call. */
export function openRegistry(config: RegistryConfig): SchemaRegistry {
  const registry = config.kind === 'schema-repo' ? new SchemaRepoRegistry(config) : new ConfluentRegistry(config);
  return new CachedRegistry(registry, config.cachedSchemas);
}
