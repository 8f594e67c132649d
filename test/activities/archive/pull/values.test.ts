// Values of every kind become what the archive holds of them: the datum under its reader's schema, or the line.
import avsc from 'avsc';
import { expect, it } from 'vitest';
import { parseArchiveInput } from '../../../../activities/archive/job/parse-archive-input.ts';
import type { ArchiveInput } from '../../../../activities/archive/job/archive-input.ts';
import type { ArchiveJob } from '../../../../activities/archive/job/archive-job.ts';
import { readerSchemas } from '../../../../activities/archive/plan/reader-schemas.ts';
import { valueReaders } from '../../../../activities/archive/pull/values/value-readers.ts';
import { ConnectionError } from '../../../../connections/connection-error.ts';
import type { RecordCursor, RecordHeader } from '../../../../connections/kafka/read/topic-reader.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { guidOf, MemoryRegistry } from '../../../support/memory-registry.ts';

const signal = new AbortController().signal;
const TIME = Date.UTC(2026, 10, 20, 10);

function cursor(value: Buffer | string, key: string | null = null, headers: RecordHeader[] = []): RecordCursor {
  const keyBytes = Buffer.from(key ?? '');
  const valueBytes = Buffer.from(value);
  const rest = Buffer.concat(headers.flatMap((each) => [Buffer.from(each.name), each.value ?? Buffer.alloc(0)]));
  const bytes = Buffer.concat([keyBytes, valueBytes, rest]);
  const valueStart = keyBytes.length;
  const valueEnd = valueStart + valueBytes.length;
  return {
    next: () => false,
    bytes,
    offset: 42n,
    offsetNumber: 42,
    appendTime: false,
    timestamp: 5n,
    timestampNumber: 5,
    keyStart: key === null ? -1 : 0,
    keyEnd: key === null ? -1 : keyBytes.length,
    valueStart,
    valueEnd,
    headerCount: headers.length,
    headersStart: valueEnd,
    key: key === null ? null : bytes.subarray(0, keyBytes.length),
    value: bytes.subarray(valueStart, valueEnd),
    recordStart: 0,
    recordEnd: bytes.length,
    headers: () => headers,
  };
}

interface Archived {
  /** Why the record is in no file; undefined where it is. */
  left: string | undefined;
  wrong: string;
  time: number;
  timeFault: string | undefined;
  file: Buffer;
}

/** What becomes of one record. */
async function archived(
  input: Partial<ArchiveInput>,
  record: RecordCursor,
  registry?: MemoryRegistry,
): Promise<Archived> {
  const job = parseArchiveInput({
    dest: '/d',
    exec: '/e',
    files: { codec: 'none' },
    ...input,
  }) as unknown as ArchiveJob;
  const { schemas, problems } = await readerSchemas(
    { registry: () => registry!, hdfs: () => new MemoryFileStore() },
    job,
    ['t'],
    signal,
  );
  expect([...problems.values()]).toEqual([]);
  const values = valueReaders(job, schemas, registry)('t');
  let left = values.look(record, 3);
  if (left === 'schema') {
    await values.loadSchema(signal);
    left = values.look(record, 3);
  }
  const chunks: Uint8Array[] = [];
  if (left === undefined) {
    const writer = await values.openFile({ write: (chunk) => void chunks.push(Buffer.from(chunk)) }, 'seed');
    values.append(writer, Number.isNaN(values.time) ? 5 : values.time, record);
    await writer.end();
  }
  return { left, wrong: values.wrong, time: values.time, timeFault: values.timeFault, file: Buffer.concat(chunks) };
}

/** The records of a container file. */
async function recordsIn(file: Buffer): Promise<unknown[]> {
  const decoder = new avsc.streams.BlockDecoder();
  decoder.end(file);
  const records: unknown[] = [];
  for await (const record of decoder as unknown as AsyncIterable<unknown>) records.push({ ...(record as object) });
  return records;
}

const CLICK = {
  type: 'record',
  name: 'x.Click',
  fields: [
    { name: 'timestamp', type: 'long' },
    { name: 'color', type: 'x.Color' },
  ],
};
const COLOR = { type: 'enum', name: 'x.Color', symbols: ['RED', 'BLUE'] };
const WHOLE = { ...CLICK, fields: [CLICK.fields[0], { name: 'color', type: COLOR }] };
const value = { timestamp: TIME, color: 'BLUE' };
const datum = avsc.Type.forSchema(WHOLE as avsc.Schema).toBuffer(value);

/** A registry with a schema that refers to another. */
function withReference(): { registry: MemoryRegistry; id: number; guid: Buffer } {
  const registry = new MemoryRegistry();
  registry.register('color', JSON.stringify(COLOR));
  const schema = JSON.stringify(CLICK);
  const id = registry.register('t-value', schema, [{ name: 'x.Color', subject: 'color', version: 1 }]);
  return { registry, id, guid: Buffer.from(guidOf({ schema, type: 'AVRO' }).replaceAll('-', ''), 'hex') };
}
const idFrame = (id: number): Buffer => Buffer.from([0, id >>> 24, id >>> 16, id >>> 8, id]);

it('has what a schema refers to in the header of its files', async () => {
  const { registry, id } = withReference();
  const { file, time, left } = await archived({}, cursor(Buffer.concat([idFrame(id), datum])), registry);
  expect([left, time]).toEqual([undefined, TIME]);
  // avsc reads the file by its header alone.
  expect(await recordsIn(file)).toEqual([value]);
});

it('has it in those of the writers, too', async () => {
  const { registry, id } = withReference();
  const { file } = await archived({ schema: 'writer' }, cursor(Buffer.concat([idFrame(id), datum])), registry);
  expect(await recordsIn(file)).toEqual([value]);
});

it('takes the second of the fields where Camus looks in a record whose first is null, or has none', async () => {
  const header = { type: 'record', name: 'Header', fields: [{ name: 'time', type: ['null', 'long'] }] };
  const fields = [
    { name: 'header', type: ['null', header] },
    { name: 'timestamp', type: ['null', 'long'] },
  ];
  const schema = { type: 'record', name: 'Event', fields } as avsc.Schema;
  const type = avsc.Type.forSchema(schema, { wrapUnions: true });
  const registry = new MemoryRegistry();
  const id = registry.register('t-value', JSON.stringify(schema));
  const timeOf = async (head: number | null | undefined, timestamp: number | null): Promise<number> => {
    const time = head === null || head === undefined ? null : { long: head };
    const datumOf = type.toBuffer({
      header: head === undefined ? null : { Header: { time } },
      timestamp: timestamp === null ? null : { long: timestamp },
    });
    return (await archived({}, cursor(Buffer.concat([idFrame(id), datumOf])), registry)).time;
  };
  expect(await timeOf(TIME, 1)).toBe(TIME);
  expect(await timeOf(null, TIME)).toBe(TIME);
  expect(await timeOf(undefined, TIME)).toBe(TIME);
  // Which is nothing for Camus, too: it took the clock.
  expect(await timeOf(0, TIME)).toBe(0);
  expect(await timeOf(null, null)).toBeNaN();
});

it.each(['in a header', 'in the frame'])('finds a schema by its GUID %s', async (where) => {
  const { registry, guid } = withReference();
  const frame = Buffer.concat([Buffer.of(1), guid]);
  const header = [
    { name: 'other', value: null },
    { name: '__value_schema_id', value: frame },
  ];
  const record = where === 'in a header' ? cursor(datum, null, header) : cursor(Buffer.concat([frame, datum]));
  expect(await recordsIn((await archived({}, record, registry)).file)).toEqual([value]);
});

it('takes the id in a header before bytes that look like a frame', async () => {
  const { registry, id } = withReference();
  const zero = avsc.Type.forSchema(WHOLE as avsc.Schema).toBuffer({ timestamp: 0, color: 'RED' });
  const record = cursor(zero, null, [{ name: '__value_schema_id', value: idFrame(id) }]);
  expect(await recordsIn((await archived({}, record, registry)).file)).toEqual([{ timestamp: 0, color: 'RED' }]);
});

it('leaves a topic whose subject the login may not read to the next run, and takes a wrong login for what it is', async () => {
  const job = parseArchiveInput({ dest: '/d', exec: '/e' }) as unknown as ArchiveJob;
  const registry = new MemoryRegistry();
  for (const topic of ['closed', 'open']) registry.register(`${topic}-value`, '"long"');
  const latest = registry.latest.bind(registry);
  let status = 403;
  registry.latest = async (subject) => {
    if (subject === 'closed-value') throw new ConnectionError('denied', 'the login may not read this', { status });
    return latest(subject);
  };
  const pinned = () =>
    readerSchemas({ registry: () => registry, hdfs: () => new MemoryFileStore() }, job, ['closed', 'open'], signal);
  const { schemas, problems } = await pinned();
  expect(schemas.map(({ topic }) => topic)).toEqual(['open']);
  expect([...problems]).toEqual([['closed', 'closed: the login may not read this']]);
  status = 401;
  await expect(pinned()).rejects.toMatchObject({ fault: 'denied' });
});

it('leaves a GUID that the registry has no place for to the bad data', async () => {
  const { registry, guid } = withReference();
  registry.schemaByGuid = async () => {
    throw new ConnectionError('refused', 'no GUIDs here');
  };
  const record = cursor(datum, null, [{ name: '__value_schema_id', value: Buffer.concat([Buffer.of(1), guid]) }]);
  expect(await archived({}, record, registry)).toMatchObject({ left: 'unknown-schema' });
});

it('says of a reference that is not there, and of a schema of another kind, that it can not be used', async () => {
  const registry = new MemoryRegistry();
  registry.register('t-value', JSON.stringify(WHOLE));
  const dangling = registry.register('u', JSON.stringify({ ...CLICK, name: 'x.Other' }), [
    { name: 'x.Color', subject: 'nowhere', version: 1 },
  ]);
  const proto = registry.register('p', 'message M {}', [], 'PROTOBUF');
  const of = (id: number): Promise<Archived> => archived({}, cursor(Buffer.concat([idFrame(id), datum])), registry);
  expect(await of(dangling)).toMatchObject({
    left: 'schema',
    wrong: expect.stringContaining('version 1 of nowhere') as string,
  });
  expect(await of(proto)).toMatchObject({ left: 'schema', wrong: expect.stringContaining('PROTOBUF') as string });
});

it('makes data of Avro JSON under the schema that it names', async () => {
  const { registry, id } = withReference();
  const json = (fields: object): RecordCursor => cursor(JSON.stringify(fields));
  const good = await archived({ value: 'avro-json' }, json({ schemaID: String(id), ...value }), registry);
  expect([good.left, good.time, await recordsIn(good.file)]).toEqual([undefined, TIME, [value]]);
  const renamed = await archived({ value: 'avro-json', schemaIdField: 'v' }, json({ ...value, v: id }), registry);
  expect(await recordsIn(renamed.file)).toEqual([value]);
  const wrong = (record: RecordCursor): Promise<Archived> => archived({ value: 'avro-json' }, record, registry);
  expect(await wrong(json(value))).toMatchObject({ left: 'frame' });
  expect(await wrong(cursor('{"schemaID":1'))).toMatchObject({ left: 'frame' });
  expect(await wrong(json({ schemaID: 999, ...value }))).toMatchObject({ left: 'unknown-schema' });
  expect(await wrong(json({ schemaID: id, ...value, color: 'PINK' }))).toMatchObject({ left: 'corrupt' });
});

it.each(['', ' ', '{"n":1', '[1]', 'null', '1', '"text"', '{"n":NaN}'])(
  'takes %j for no JSON object, and archives it as text alone',
  async (text) => {
    const refused = await archived({ value: 'json' }, cursor(text));
    expect(refused).toMatchObject({
      left: 'frame',
      wrong: `expected a JSON object as value, found ${JSON.stringify(text)}; lines of anything are archived by value "text"`,
    });
    const line = await archived({ value: 'text', time: { field: 'timestamp' } }, cursor(text));
    expect([line.left, line.time, line.file.toString()]).toEqual([undefined, Number.NaN, `${text}\n`]);
  },
);

it('archives JSON objects as they came, with what stands around and in front of them', async () => {
  const text = `\ufeff{ "timestamp": ${TIME}, "n": 1.0 }\t`;
  const { left, time, file } = await archived({ value: 'json', time: { format: 'unix_milliseconds' } }, cursor(text));
  expect([left, time, file.toString()]).toEqual([undefined, TIME, `${text}\n`]);
});

const wrapped = (record: RecordCursor, input: Partial<ArchiveInput> = {}): Promise<Archived> =>
  archived({ value: 'json-wrapped', time: { format: 'unix_milliseconds' }, ...input }, record);

it('wraps JSON with its place, key and time, on one line', async () => {
  const { file, time } = await wrapped(
    cursor(`{ "timestamp" : ${TIME},\n "n": 9007199254740993, "t": "a \\n  b" }`, '{"k": 1}'),
  );
  expect(time).toBe(TIME);
  expect(file.toString()).toBe(
    `{"topic":"t","partition":3,"offset":42,"checksum":2382959829,"payload":{"timestamp":${TIME},"n":9007199254740993,"t":"a \\n  b"},"key":{"k":1},"timestamp":${TIME}}\n`,
  );
});

it('says null for no key, and takes the time of the bucket where there is none of its own', async () => {
  const { file, time } = await wrapped(cursor('{"n":1}'));
  expect(time).toBeNaN();
  expect(JSON.parse(file.toString())).toMatchObject({ key: null, payload: { n: 1 }, timestamp: 5 });
});

it('tells an empty key from one that is not there', async () => {
  const { left, file } = await wrapped(cursor('{"n":1}', ''));
  expect([left, JSON.parse(file.toString())]).toEqual([
    undefined,
    { topic: 't', partition: 3, offset: 42, checksum: 2316115108, payload: { n: 1 }, key: '', timestamp: 5 },
  ]);
  expect(JSON.parse((await wrapped(cursor('{"n":1}'))).file.toString())).toMatchObject({ key: null });
});

it.each([
  ['[1]', null, 'value'],
  ['{"n":1', null, 'value'],
  ['{"n":1}', 'plain', 'key'],
])('leaves out what is no JSON object: %s, key %s', async (json, key, what) => {
  expect(await wrapped(cursor(json, key))).toMatchObject({
    left: 'frame',
    wrong: expect.stringContaining(`a JSON object as ${what}`) as string,
  });
});

it.each(['json', 'json-wrapped', 'text', 'nifi', 'record'] as const)(
  'reads times of %s without a zone in that of the job, else in UTC',
  async (value) => {
    const record = cursor('{"at":"2026-11-20 11:00:00"}');
    const time = { field: 'at', format: 'yyyy-MM-dd HH:mm:ss' };
    expect((await archived({ value, time: { ...time, timeZone: 'Europe/Berlin' } }, record)).time).toBe(TIME);
    expect((await archived({ value, time }, record)).time).toBe(TIME + 3_600_000);
  },
);

it.each(['json', 'json-wrapped', 'text', 'nifi', 'record'] as const)(
  'tells a time of %s that can not be read from none at all, which is told where the job names the field',
  async (value) => {
    const fault = async (text: string, field?: string): Promise<string | undefined> =>
      (await archived({ value, time: { ...(field && { field }) } }, cursor(text))).timeFault;
    expect(await fault('{"at":"yesterday","timestamp":1}', 'at')).toBe('unreadable');
    expect(await fault('{"timestamp":"yesterday"}', 'at')).toBe('missing');
    expect(await fault('{"at":"yesterday"}')).toBeUndefined();
    if (value.startsWith('json')) expect(await fault('{"timestamp":1}')).toBe('unreadable');
    else expect(await fault('no JSON', 'at')).toBe('missing');
  },
);

it('leaves out a line that holds what ends it', async () => {
  const record = cursor('{"n":"a|b"}');
  expect(await wrapped(record, { files: { delimiter: '|', codec: 'none' } })).toMatchObject({ left: 'delimiter' });
});

it('compresses with the level of the codec, unless the job says one', async () => {
  const text = Array.from({ length: 20_000 }, (_, n) => (Math.imul(n, 0x9e3779b1) >>> 20).toString(36)).join(' ');
  const size = async (codec: 'zstandard' | 'deflate', level?: number): Promise<number> => {
    const files = { codec, ...(level !== undefined && { level }) };
    return (await archived({ value: 'record', files }, cursor(text))).file.length;
  };
  expect(await size('zstandard')).toBe(await size('zstandard', 3));
  expect(await size('zstandard')).not.toBe(await size('zstandard', 9));
  expect(await size('deflate')).toBe(await size('deflate', 6));
});
