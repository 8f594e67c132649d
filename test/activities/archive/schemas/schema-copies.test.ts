// Schemas beside whole records: written once, as the registry has them, with all that they refer to; never replaced by
// another of the same id.
import { expect, it } from 'vitest';
import { schemaCopies } from '../../../../activities/archive/schemas/schema-copies.ts';
import { JobError } from '../../../../activities/step/job-error.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryRegistry } from '../../../support/memory-registry.ts';

const signal = new AbortController().signal;
const PATH = '/dest/t/.schemas/2.json';

async function copied(store: MemoryFileStore, schema = '{"type":"record","name":"W","fields":[]}'): Promise<void> {
  const registry = new MemoryRegistry();
  registry.register('part', '"string"');
  const references = [
    { name: 'P', subject: 'part', version: 1 },
    { name: 'Gone', subject: 'gone', version: 1 },
  ];
  const id = registry.register('t-value', schema, references);
  const found = await registry.schemaById(id);
  const copy = schemaCopies(store, registry, (topic) => `/dest/${topic}`);
  await copy('t', found!, String(id), signal);
}

async function textAt(store: MemoryFileStore, path: string): Promise<string> {
  const { length } = (await store.status(path))!;
  return Buffer.from(await store.read(path, 0, length)).toString();
}

it('has the schema and what it refers to, but for what the registry has not', async () => {
  const store = new MemoryFileStore();
  await copied(store);
  expect(JSON.parse(await textAt(store, PATH))).toEqual({
    id: 2,
    schemaType: 'AVRO',
    schema: '{"type":"record","name":"W","fields":[]}',
    references: [
      { name: 'P', subject: 'part', version: 1 },
      { name: 'Gone', subject: 'gone', version: 1 },
    ],
    referenced: [{ subject: 'part', version: 1, id: 1, schemaType: 'AVRO', schema: '"string"', references: [] }],
  });
});

it('writes once, and leaves nothing beside it', async () => {
  const store = new MemoryFileStore();
  await copied(store);
  const before = await textAt(store, PATH);
  await copied(store);
  expect(await textAt(store, PATH)).toBe(before);
  const names: string[] = [];
  for await (const { path } of store.list('/dest/t/.schemas')) names.push(path);
  expect(names).toEqual([PATH]);
});

it('refuses another schema of the same id: records of both could not be told apart', async () => {
  const store = new MemoryFileStore();
  await copied(store);
  const before = await textAt(store, PATH);
  const error: unknown = await copied(store, '"long"').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(JobError);
  expect(error).toMatchObject({ code: 'archive-target-exists', facts: { path: PATH } });
  expect(await textAt(store, PATH)).toBe(before);
});
