import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts } from '../../scripts/stack/ports.ts';
import { installRegistry, REGISTRY_API, registryServer } from '../../scripts/stack/registry-server.ts';
import { StackServer } from '../../scripts/stack/stack-server.ts';
import { registerSchema } from './register-schema.ts';
import type { SchemaReference } from '../../connections/registry/schema-registry.ts';

export interface OwnRegistry {
  /** Base URL of Confluent's API. */
  url: string;
  server: StackServer;
  /** Registers a schema as the newest version of a subject; gives its id. */
  register(subject: string, schema: string, references?: readonly SchemaReference[]): Promise<number>;
  /** Ends it for good. */
  close(): Promise<void>;
}

/** A real schema registry (Apicurio), empty, that its test may stop, freeze and start again. */
export async function startOwnRegistry(): Promise<OwnRegistry> {
  const folder = await installRegistry((line) => console.error(line));
  const { registry: port } = await choosePorts(['registry']);
  const logs = mkdtempSync(join(tmpdir(), 'rewind-registry-'));
  const plan = registryServer({ folder, port: port! });
  const server = new StackServer(
    plan,
    join(logs, 'registry.log'),
    undefined,
    () => undefined,
    () => undefined,
  );
  await server.start();
  const url = `http://127.0.0.1:${port}${REGISTRY_API}`;
  return {
    url,
    server,
    register: (subject, schema, references) => registerSchema(url, subject, schema, references),
    close: async () => {
      await server.stop();
      rmSync(logs, { recursive: true, force: true });
    },
  };
}
