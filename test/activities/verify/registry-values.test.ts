// Proves the same of Avro values in the frame of a registry, archived resolved to one schema: a record is the same in
// whatever version the topic has it, and another one where a byte of it differs.
import avsc from 'avsc';
import { beforeEach, expect, it } from 'vitest';
import type { ReportedVerify } from '../../../activities/verify/steps.ts';
import { AvroContainerWriter } from '../../support/camus-archive/index.ts';
import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { MemoryRegistry } from '../../support/memory-registry.ts';
import { framed } from '../../support/confluent-frame.ts';
import { MemoryVerify } from '../../support/memory-verify.ts';
import { batchOf } from '../../support/odd-records.ts';

const TIME = Date.UTC(2026, 10, 20, 10);
const V1 = {
  type: 'record' as const,
  name: 'Click',
  fields: [
    { name: 'time', type: 'long' },
    { name: 'n', type: 'int' },
  ],
};
const V2 = { ...V1, fields: [...V1.fields, { name: 'tag', type: 'string', default: 'none' }] };
const encode = (schema: object, value: object): Buffer => avsc.Type.forSchema(schema as avsc.Schema).toBuffer(value);
const click = (n: number): { time: number; n: number } => ({ time: TIME + n, n });
const PATH = `/camus/events/hourly/2026/11/20/10/events.1.0.20.20.${TIME}.avro`;

let store: MemoryFileStore;
let kafka: MemoryKafka;
let verify: MemoryVerify;

/** A file as an archive resolves all of them to the newest version, in place of the one that is there. */
async function archive(records: readonly object[], path = PATH): Promise<void> {
  const schema = JSON.stringify(V2);
  const sync = Buffer.alloc(16, 7);
  const writer = new AvroContainerWriter({ schema, codec: 'deflate', syncInterval: 200, sync });
  await store.delete(PATH);
  await store.write(
    path,
    writer.chunks(records.length, (at, out) => out.append(encode(V2, records[at]!))),
  );
}

/** The first ten in the first version. */
beforeEach(async () => {
  store = new MemoryFileStore();
  kafka = new MemoryKafka();
  const registry = new MemoryRegistry();
  const one = registry.register('events-value', JSON.stringify(V1));
  const two = registry.register('events-value', JSON.stringify(V2));
  verify = new MemoryVerify(store, kafka);
  verify.deps.registry = () => registry;
  await kafka.createTopic('events', { partitions: 1, replicationFactor: 1, settings: {} });
  const values = Array.from({ length: 20 }, (_, n) =>
    n < 10 ? framed(one, encode(V1, click(n))) : framed(two, encode(V2, { ...click(n), tag: `t${n}` })),
  );
  const publisher = await kafka.openPublisher({ transactionalId: 'a' });
  const poison = [Buffer.from('no frame'), framed(99, Buffer.from('x'))];
  const records = [...values, ...poison].map((value) => ({ key: null, value, timestamp: 0n, headers: [] }));
  await publisher.commit({ batches: [batchOf('events', 0, records)], offsets: [] });
  await archive(ALL);
});

const ALL = Array.from({ length: 20 }, (_, n) => ({ ...click(n), tag: n < 10 ? 'none' : `t${n}` }));

function run(): Promise<ReportedVerify> {
  return verify.run({
    topic: 'events',
    archive: { dest: '/camus', timeZone: 'UTC' },
    connections: { registry: 'default' },
    verify: { against: ['source'] },
  });
}

it('agrees across versions of the schema', async () => {
  expect(await run()).toMatchObject({
    agrees: true,
    targets: [{ content: 'value', archive: '20', found: '20', cells: 1 }],
  });
});

it('agrees where a replay is to put the id of each file’s own schema in front', async () => {
  const result = await verify.run({
    topic: 'events',
    archive: { dest: '/camus', timeZone: 'UTC' },
    output: { encoding: 'avro-binary', frame: 'writer' },
    connections: { registry: 'default' },
    verify: { against: ['source'] },
  });
  expect(result).toMatchObject({ agrees: true, targets: [{ content: 'value', archive: '20', found: '20' }] });
});

it.each([3, 17])('finds a changed byte of record %i', async (n) => {
  await archive(ALL.with(n, { ...ALL[n]!, tag: 'nonE' }));
  expect((await run()).findings).toEqual([
    expect.objectContaining({ kind: 'changed', file: PATH, ordinal: n, from: String(n) }),
  ]);
});

it('counts values that are no frame, or of no known schema, apart', async () => {
  const publisher = await kafka.openPublisher({ transactionalId: 'b' });
  const value = framed(2, encode(V2, { ...click(30), tag: 'x' }));
  await publisher.commit({
    batches: [batchOf('events', 0, [{ key: null, value, timestamp: 0n, headers: [] }])],
    offsets: [],
  });
  await archive([...ALL, { ...click(30), tag: 'x' }], PATH.replace('.20.20.', '.21.24.'));
  const result = await run();
  expect(result).toMatchObject({ agrees: true, targets: [{ found: '21' }] });
  expect(result.notes.join()).toContain("2 values that can't be decoded");
});
