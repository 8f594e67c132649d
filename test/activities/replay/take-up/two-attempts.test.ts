// An attempt begins the job after another one has looked whether it is begun: both go on with what is in place, not with
// what each has found, where the newest schema of the registry is another by now.
import { expect, it } from 'vitest';
import type { ReplayJob } from '../../../../activities/replay/job/replay-job.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import type { SchemaRegistry } from '../../../../connections/registry/schema-registry.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';

const input = {
  topic: 'events',
  archive: { input: '/in' },
  output: { frame: 'latest', encoding: 'avro-binary' },
  connections: { registry: 'r' },
} as const;

const schemaOf = (id: number): string =>
  JSON.stringify({ type: 'record', name: `V${id}`, fields: [{ name: 'time', type: 'long' }] });

/** An attempt for which the newest schema is that of `id`, and what happens when it asks for it. */
function attempt(
  store: MemoryFileStore,
  id: number,
  asked: () => Promise<unknown> = async () => {},
): Promise<ReplayJob> {
  const worker = new MemoryWorker(store);
  const found = (of: number) => ({ id: of, schema: schemaOf(of), type: 'AVRO', references: [] });
  worker.deps.registry = () =>
    ({
      describe: () => 'the registry',
      latest: async () => found(id),
      schemaById: async (of: number) => {
        await asked();
        return found(of);
      },
    }) as unknown as SchemaRegistry;
  return worker.validate(input, 'events/run-1');
}

it('go on with the schema that the job was begun with', async () => {
  const store = new MemoryFileStore();
  const begun: ReplayJob[] = [];
  const late = await attempt(store, 6, async () => {
    if (begun.length === 0) begun.push(await attempt(store, 5));
  });
  expect(begun[0]?.frameId).toBe(5);
  expect(late.frameId).toBe(5);
  const staging = new Staging(store, late.staging);
  expect(Buffer.from((await staging.readSmall(staging.schema))!).toString()).toBe(schemaOf(5));
  expect((await staging.readBeginning())?.job).toMatchObject({ frameId: 5 });
});
