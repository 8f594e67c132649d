/** Proves the contract of schema registries on the one in memory, and on both adapters against servers of their APIs. */
import { describe } from 'vitest';
import { parseRegistryConfig } from '../../../connections/registry/config.ts';
import { openRegistry } from '../../../connections/registry/open-registry.ts';
import { registryContract } from '../../contract/schema-registry.ts';
import { guidOf as guidOfSchema, MemoryRegistry } from '../../support/memory-registry.ts';
import { confluentServer, schemaRepoServer } from './rest-servers.ts';

const guidOf = (schema: string): string => guidOfSchema({ schema, type: 'AVRO' });

describe('in memory', () => {
  registryContract(
    async () => {
      const registry = new MemoryRegistry();
      return { registry, register: async (...args) => registry.register(...args), guidOf };
    },
    { perSubject: false, references: true, guids: true },
  );
});

describe('of Confluent', () => {
  registryContract(
    async () => {
      const { url, memory } = await confluentServer();
      const registry = openRegistry(parseRegistryConfig({ urls: [`${url}/`] }, 'test'));
      return { registry, register: async (...args) => memory.register(...args), guidOf };
    },
    { perSubject: false, references: true, guids: true },
  );
});

describe('of AVRO-1124', () => {
  registryContract(
    async () => {
      const server = await schemaRepoServer();
      const registry = openRegistry(parseRegistryConfig({ kind: 'schema-repo', urls: server.url }, 'test'));
      return { registry, register: async (subject, schema) => server.register(subject, schema) };
    },
    { perSubject: true, references: false, guids: false },
  );
});
