// Avro values with a real registry: resolved to the schema that was the latest when the run was planned; poison is
// counted by its reason and passed once; a registry that is away is waited for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import avsc from 'avsc';
import { expect, it } from 'vitest';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { readContainer } from '../../support/camus-archive/read-back.ts';
import { filesBelow } from '../../activities/archive/pulled-run.ts';
import { framed } from '../../support/confluent-frame.ts';
import { RegistryWorker } from '../../support/registry-worker.ts';

const shared = new RegistryWorker();

const TIME = Date.UTC(2026, 10, 20, 10);
const header = { type: 'record', name: 'Header', fields: [{ name: 'time', type: 'long' }] } as const;
const V1 = {
  type: 'record',
  name: 'Click',
  fields: [
    { name: 'header', type: header },
    { name: 'n', type: 'int' },
  ],
};
const V2 = { ...V1, fields: [...V1.fields, { name: 'tag', type: 'string', default: 'none' }] };

const encode = (schema: object, value: object): Buffer => avsc.Type.forSchema(schema as avsc.Schema).toBuffer(value);
const click = (n: number): object => ({ header: { time: TIME + n * 1000 }, n });

/** All records of a topic's Avro files. */
async function recordsOf(archive: ArchiveHarness, topic: string): Promise<{ n: number; tag?: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-avro-'));
  try {
    const all: { n: number; tag?: string }[] = [];
    for (const { path, length, count } of await archive.files(topic)) {
      const file = join(folder, 'file.avro');
      writeFileSync(file, await shared.harness.store.read(path, 0, length));
      let read = 0;
      for await (const record of avsc.createFileDecoder(file) as AsyncIterable<{ n: number; tag?: string }>) {
        all.push(record);
        read += 1;
      }
      expect(read).toBe(count);
    }
    return all.sort((a, b) => a.n - b.n);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Bad records that were kept whole, in the order of their offsets. */
async function badRecordsOf(archive: ArchiveHarness, topic: string): Promise<{ offset: bigint; value: Uint8Array }[]> {
  const folder = `${archive.dest}/${topic}/.bad/hourly`;
  const all: { offset: bigint; value: Uint8Array }[] = [];
  for (const path of await filesBelow(shared.harness.store, folder)) {
    const { length } = (await shared.harness.store.status(path))!;
    const { records } = await readContainer(Buffer.from(await shared.harness.store.read(path, 0, length)));
    all.push(...(records as typeof all));
  }
  return all.sort((a, b) => Number(a.offset - b.offset));
}

it('resolves records of every version to the latest, and passes poison once', async () => {
  const archive = new ArchiveHarness(shared.harness, 'registry');
  const topic = archive.topic('avro');
  const subject = `${topic}-value`;
  const one = await shared.registry.register(subject, JSON.stringify(V1));
  const two = await shared.registry.register(subject, JSON.stringify(V2));
  await archive.createTopic(topic, 1);
  const good = [0, 1, 2].map((n) => framed(one, encode(V1, click(n))));
  const newer = [3, 4].map((n) => framed(two, encode(V2, { ...click(n), tag: `t${n}` })));
  const whole = encode(V1, click(9));
  const poison = [
    Buffer.from('plain text'),
    framed(987_654, whole),
    Buffer.from([0, 0, 0]),
    framed(one, whole.subarray(0, -1)),
    framed(one, Buffer.concat([whole, Buffer.from([1])])),
  ];
  const tail = Array.from({ length: 50 }, () => Buffer.from('tail'));
  await archive.produce(
    topic,
    [...good, ...poison, ...newer, ...tail].map((value) => ({ value })),
  );
  const job = archive.job({
    topics: { include: [topic] },
    value: 'registry',
    files: { timeZone: 'UTC' },
    badData: { policy: 'skip', keep: true },
  });
  const result = await archive.run(job);
  expect(result).toMatchObject({ records: '5', offsetsLeft: '0' });
  expect(result.left).toEqual({ frame: 52, 'unknown-schema': 1, corrupt: 2 });
  expect((await recordsOf(archive, topic)).map(({ n, tag }) => `${n} ${tag}`)).toEqual([
    '0 none',
    '1 none',
    '2 none',
    '3 t3',
    '4 t4',
  ]);
  const kept = await badRecordsOf(archive, topic);
  expect(kept.map(({ offset }) => Number(offset))).toEqual([3, 4, 5, 6, 7, ...tail.map((_, n) => 10 + n)]);
  expect(kept.map(({ value }) => Buffer.from(value).toString('hex'))).toEqual(
    [...poison, ...tail].map((value) => value.toString('hex')),
  );
  expect((await archive.offsets()).get(`${topic}-0`)?.next).toBe(60n);
  expect((await archive.run(job)).execution).toBeUndefined();
});

it('resolves to the schema of a file on HDFS, and says of a topic without one that it has none', async () => {
  const archive = new ArchiveHarness(shared.harness, 'schema-file');
  const [known, unknown] = [archive.topic('filed'), archive.topic('unfiled')];
  for (const topic of [known, unknown]) {
    const id = await shared.registry.register(`${topic}-value`, JSON.stringify(V1));
    await archive.createTopic(topic, 1);
    await archive.produce(topic, [{ value: framed(id, encode(V1, click(0))) }]);
  }
  await shared.harness.store.write(`${shared.harness.folder}/schemas/${known}.avsc`, [Buffer.from(JSON.stringify(V2))]);
  const schema = `${shared.harness.folder}/schemas/{topic}.avsc`;
  const job = archive.job({
    topics: { include: [known, unknown] },
    value: 'registry',
    schema,
    files: { timeZone: 'UTC' },
  });
  const result = await archive.run(job);
  expect(result).toMatchObject({ records: '1', problems: [{ topic: unknown }] });
  expect(result.problems[0]?.message).toContain(
    `${shared.harness.folder}/schemas/${unknown}.avsc can't be used: it is not there`,
  );
  expect(await recordsOf(archive, known)).toMatchObject([{ n: 0, tag: 'none' }]);
  expect((await archive.offsets()).get(`${unknown}-0`)?.next).toBe(0n);
});

it('makes records of Avro JSON, whose schema takes a type from another subject', async () => {
  const archive = new ArchiveHarness(shared.harness, 'avro-json');
  const topic = archive.topic('avrojson');
  await shared.registry.register(`${topic}-header`, JSON.stringify(header));
  const schema = { ...V1, fields: [{ name: 'header', type: 'Header' }, V1.fields[1]!] };
  const references = [{ name: 'Header', subject: `${topic}-header`, version: 1 }];
  const id = await shared.registry.register(`${topic}-value`, JSON.stringify(schema), references);
  await archive.createTopic(topic, 1);
  const values = [0, 1, 2].map((n) => JSON.stringify({ schemaID: id, ...click(n) }));
  await archive.produce(
    topic,
    values.map((value) => ({ value })),
  );
  const job = archive.job({ topics: { include: [topic] }, value: 'avro-json', files: { timeZone: 'UTC' } });
  expect(await archive.run(job)).toMatchObject({ records: '3', problems: [], left: {} });
  expect((await recordsOf(archive, topic)).map(({ n }) => n)).toEqual([0, 1, 2]);
});

it('stops in front of poison where nothing else is said, and keeps what is before it', async () => {
  const archive = new ArchiveHarness(shared.harness, 'strict');
  const topic = archive.topic('strict');
  const id = await shared.registry.register(`${topic}-value`, JSON.stringify(V1));
  await archive.createTopic(topic, 1);
  const values = [framed(id, encode(V1, click(0))), Buffer.from('poison'), framed(id, encode(V1, click(1)))];
  await archive.produce(
    topic,
    values.map((value) => ({ value })),
  );
  const job = archive.job({ topics: { include: [topic] }, value: 'registry', files: { timeZone: 'UTC' } });
  const result = await archive.run(job);
  expect(result).toMatchObject({ records: '1', offsetsLeft: '2' });
  expect(result.problems[0]?.message).toContain(`${topic}-0, offset 1: frame`);
  const again = await archive.run(job);
  expect(again).toMatchObject({ records: '0' });
  expect((await archive.offsets()).get(`${topic}-0`)?.next).toBe(1n);
});

it('waits for a registry that hangs, and says of a topic without a subject that it has none', async () => {
  const archive = new ArchiveHarness(shared.harness, 'waits');
  const [known, unknown] = [archive.topic('known'), archive.topic('unknown')];
  const id = await shared.registry.register(`${known}-value`, JSON.stringify(V1));
  for (const topic of [known, unknown]) {
    await archive.createTopic(topic, 1);
    await archive.produce(topic, [{ value: framed(id, encode(V1, click(0))) }]);
  }
  shared.registry.server.pause();
  const handle = await archive.start(
    archive.job({ topics: { include: [known, unknown] }, value: 'registry', files: { timeZone: 'UTC' } }),
  );
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect((await handle.describe()).status.name).toBe('RUNNING');
  shared.registry.server.resume();
  const result = (await handle.result()) as { records: string; problems: { topic: string; message: string }[] };
  expect(result.records).toBe('1');
  expect(result.problems).toMatchObject([
    { topic: unknown, message: expect.stringContaining(`no subject ${unknown}-value`) as string },
  ]);
});
