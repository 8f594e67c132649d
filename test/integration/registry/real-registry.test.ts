/** Proves the contract of schema registries on a real one (Apicurio), and that a registry that ends, hangs and comes back is waited for, not taken for one that knows nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRegistryConfig } from '../../../connections/registry/config.ts';
import { openRegistry } from '../../../connections/registry/open-registry.ts';
import { registryContract } from '../../contract/schema-registry.ts';
import { startOwnRegistry } from '../../support/own-registry.ts';
import type { OwnRegistry } from '../../support/own-registry.ts';

let own: OwnRegistry;

beforeAll(async () => {
  own = await startOwnRegistry();
}, 600_000);

afterAll(() => own?.close());

const opened = (settings: object = {}) =>
  openRegistry(parseRegistryConfig({ urls: [own.url], attempts: 1, ...settings }, 'test'));
const unavailable: unknown = expect.objectContaining({ name: 'ConnectionError', fault: 'unavailable' });

describe('Apicurio', () => {
  registryContract(async () => ({ registry: opened(), register: (...args) => own.register(...args) }), {
    perSubject: false,
    references: true,
    // GUIDs came with Confluent Platform 8; Apicurio 2.6 has no path for them (docs/decisions/0012).
    guids: false,
  });
});

it('a registry that hangs, ends and comes back is unavailable meanwhile', async () => {
  const subject = 'comes-back-value';
  const id = await own.register(subject, '"string"');
  const registry = opened({ timeouts: { answerMs: 1000 } });
  own.server.pause();
  await expect(registry.schemaById(id, subject)).rejects.toEqual(unavailable);
  own.server.resume();
  expect(await registry.schemaById(id, subject)).toMatchObject({ id });
  await own.server.stop('SIGKILL');
  await expect(registry.latest(subject)).rejects.toEqual(unavailable);
  await own.server.start();
  // In memory: it has forgotten all, and says so; what was learnt before is still known.
  expect(await registry.latest(subject)).toBeUndefined();
  expect(await registry.schemaById(id, subject)).toMatchObject({ id, schema: '"string"' });
});
