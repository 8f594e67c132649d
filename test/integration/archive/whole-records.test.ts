// Whole records, as they are in the log: what the files hold is what another client reads from the topic, byte for byte;
// the schemas that a registry's frames name are beside them.
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { SCHEMAS_FOLDER } from '../../../activities/archive/schemas/schema-copies.ts';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { envelopesIn, type ReadEnvelope } from '../../formats/record-envelope/read-envelopes.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { batchOf, oddRecords, type OddRecord } from '../../support/odd-records.ts';
import { startOwnRegistry, type OwnRegistry } from '../../support/own-registry.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

let base: ReplayHarness;
let registry: OwnRegistry;
let kafka: KafkaConnection;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  registry = await startOwnRegistry();
  kafka = openKafka(parseKafkaConfig({ brokers: inject('stack').kafka }, 'test'));
  await base.startWorker({ REWIND_REGISTRY_URL: registry.url });
}, 600_000);
afterAll(async () => {
  await kafka?.close();
  await base?.close();
  await registry?.close();
});

const TIME = Date.UTC(2026, 10, 20, 10);

async function publish(topic: string, byPartition: readonly (readonly OddRecord[])[]): Promise<void> {
  const publisher = await kafka.openPublisher({ transactionalId: `odd-${topic}`, compression: 'lz4' });
  const batches = byPartition.map((records, partition) => batchOf(topic, partition, records));
  await publisher.commit({ batches, offsets: [] });
  await publisher.close();
}

/** Records of a topic's files, by partition and offset. */
async function archived(archive: ArchiveHarness, topic: string): Promise<ReadEnvelope[]> {
  const all: ReadEnvelope[] = [];
  for (const { path, length, count, partition } of await archive.files(topic)) {
    const records = await envelopesIn(Buffer.from(await base.store.read(path, 0, length)));
    expect([records.length, new Set(records.map((one) => one.partition))]).toEqual([count, new Set([partition])]);
    all.push(...records);
  }
  return all.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
}

function expected(topic: string, partition: number, records: readonly OddRecord[], from: number): ReadEnvelope[] {
  return records.map(({ key, value, timestamp, headers }, n) => ({
    key,
    value,
    topic,
    partition,
    offset: BigInt(from + n),
    timestamp,
    timestampType: 0,
    headers: headers.map(([name, each]) => ({ key: name.toString(), value: each })),
    keySchemaId: null,
    valueSchemaId: null,
  }));
}

it('archives whatever is in a topic, run after run, and leaves nothing out', async () => {
  const archive = new ArchiveHarness(base, 'whole');
  const topic = archive.topic('whole.records');
  await archive.createTopic(topic, 2, [{ name: 'retention.ms', value: '-1' }]);
  const records = oddRecords(TIME);
  await publish(topic, [records, records.slice(2, 4)]);
  const job = archive.job({
    topics: { include: [topic] },
    value: 'record',
    files: { timeZone: 'UTC', codec: 'deflate' },
    audit: {},
  });
  expect(await archive.run(job)).toMatchObject({ records: '12', left: {}, problems: [], offsetsLeft: '0' });
  // A commit marker stands between the records of two transactions.
  await publish(topic, [records.slice(0, 3)]);
  expect(await archive.run(job)).toMatchObject({ records: '3', left: {}, problems: [], offsetsLeft: '0' });
  expect(await archived(archive, topic)).toEqual([
    ...expected(topic, 0, records, 0),
    ...expected(topic, 0, records.slice(0, 3), records.length + 1),
    ...expected(topic, 1, records.slice(2, 4), 0),
  ]);
  const folders = (await archive.files(topic)).map(({ path }) => path.split('/').slice(-6, -1).join('/'));
  expect(new Set(folders)).toEqual(new Set(['hourly/2026/11/20/10']));
  expect((await archive.run(job)).execution).toBeUndefined();
});

it("has the broker's timestamps as such, and those of the value where the job says so", async () => {
  const archive = new ArchiveHarness(base, 'times');
  const topic = archive.topic('append');
  await archive.createTopic(topic, 1, [{ name: 'message.timestamp.type', value: 'LogAppendTime' }]);
  const before = Date.now();
  await archive.produce(topic, [{ value: JSON.stringify({ at: TIME }) }, { value: null }]);
  const job = archive.job({
    topics: { include: [topic] },
    value: 'record',
    time: { field: 'at', format: 'unix_milliseconds' },
    files: { timeZone: 'UTC', folders: 'daily' },
  });
  expect(await archive.run(job)).toMatchObject({ records: '2', left: {} });
  const days = (await archive.files(topic)).map(({ path }) => path.split('/').slice(-4, -1).join('/')).sort();
  expect(days).toEqual(['2026/11/20', new Date(before).toISOString().slice(0, 10).replaceAll('-', '/')].sort());
  for (const { timestamp, timestampType } of await archived(archive, topic)) {
    expect(timestampType).toBe(1);
    expect(Number(timestamp)).toBeGreaterThanOrEqual(before);
  }
});

it('copies the schemas that frames name, with what they refer to, and leaves bytes that only look like frames', async () => {
  const archive = new ArchiveHarness(base, 'framed');
  const topic = archive.topic('framed');
  const part = { type: 'record', name: 'Part', fields: [{ name: 'n', type: 'int' }] };
  const whole = { type: 'record', name: 'Whole', fields: [{ name: 'part', type: 'Part' }] };
  const partId = await registry.register(`${topic}-part`, JSON.stringify(part));
  const references = [{ name: 'Part', subject: `${topic}-part`, version: 1 }];
  const id = await registry.register(`${topic}-value`, JSON.stringify(whole), references);
  const keyId = await registry.register(`${topic}-key`, '"string"');
  const framed = (schema: number): Buffer => Buffer.concat([Buffer.from([0, 0, 0, 0, schema]), Buffer.from([2, 4])]);
  expect(Math.max(id, keyId, partId)).toBeLessThan(128);
  const plain: OddRecord = { key: null, value: Buffer.from('plain'), timestamp: BigInt(TIME), headers: [] };
  await archive.createTopic(topic, 1, [{ name: 'retention.ms', value: '-1' }]);
  await publish(topic, [
    [
      { ...plain, key: framed(keyId), value: framed(id) },
      { ...plain, value: framed(partId) },
      { ...plain, value: Buffer.from([0, 99, 99, 99, 99, 1]) },
      { ...plain, key: Buffer.from([0]), headers: [[Buffer.from('__value_schema_id'), framed(id).subarray(0, 5)]] },
      plain,
    ],
  ]);
  const job = archive.job({ topics: { include: [topic] }, value: 'record', schemaIds: 'both' });
  expect(await archive.run(job)).toMatchObject({ records: '5', left: {}, problems: [] });
  const ids = (await archived(archive, topic)).map(({ keySchemaId, valueSchemaId }) => [keySchemaId, valueSchemaId]);
  expect(ids).toEqual([
    [keyId, id],
    [null, partId],
    [null, null],
    [null, id],
    [null, null],
  ]);
  const folder = `${archive.dest}/${topic}/${SCHEMAS_FOLDER}`;
  const copies = new Map<string, unknown>();
  for await (const { path, length } of base.store.list(folder)) {
    const text = Buffer.from(await base.store.read(path, 0, length)).toString();
    copies.set(path.slice(folder.length + 1), JSON.parse(text));
  }
  expect([...copies.keys()].sort()).toEqual([id, keyId, partId].map((each) => `${each}.json`).sort());
  expect(copies.get(`${id}.json`)).toMatchObject({
    id,
    schemaType: 'AVRO',
    references,
    referenced: [{ subject: `${topic}-part`, version: 1, id: partId }],
  });
});
