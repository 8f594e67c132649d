// Proves that SequenceFiles of every version and compression give the keys and values that Java wrote, that damaged
// and cut files are errors at the right byte, and that however a file is split, each record is read exactly once.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../formats/byte-source.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { openSequenceFile } from '../../../formats/hadoop/sequence-file.ts';
import type { SequenceFileOptions, SequenceRange, SequenceRecord } from '../../../formats/hadoop/sequence-file.ts';
import { keyHalf, longWritableInto, valueHalf } from '../../../formats/hadoop/sequence-halves.ts';
import { decodeWritable, textBytes } from '../../../formats/hadoop/writables.ts';
import { int64ToBigInt } from '../../../formats/int64.ts';
import { badFiles, fixture, fixtureLines, fixturesBelow, formatErrorOf } from '../support/fixture-files.ts';
import { header, record, SYNC, vint } from './sequence-bytes.ts';

async function read(
  bytes: Buffer,
  range: SequenceRange = {},
  options: SequenceFileOptions = {},
): Promise<SequenceRecord[]> {
  const records: SequenceRecord[] = [];
  const file = await openSequenceFile(bytesSource(bytes), options);
  for await (const one of file.records(range)) records.push(one);
  return records;
}

const AVRO_EVENT = avro.Type.forSchema({
  type: 'record',
  name: 'Event',
  fields: [
    { name: 'time', type: 'long' },
    { name: 'body', type: 'string' },
  ],
});

const places = (records: SequenceRecord[]) => records.map(({ position, ordinal }) => `${position} ${ordinal}`);

/** Decodes both halves of every record, as whoever publishes them does. */
async function decode(bytes: Buffer, onRecord: (record: SequenceRecord) => void = () => undefined): Promise<void> {
  const file = await openSequenceFile(bytesSource(bytes));
  const halves = [keyHalf(file.header), valueHalf(file.header)];
  for await (const one of file.records()) {
    for (const [half, data] of [
      [halves[0]!, one.key],
      [halves[1]!, one.value],
    ] as const) {
      try {
        if (half.kind === 'writable') decodeWritable(half.read, data);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        throw new FormatError(error.fault, error.message, { ...error.facts, position: one.position });
      }
    }
    onRecord(one);
  }
}

describe('files of times and texts, as Camus writes them', () => {
  const topics = fixturesBelow('expected/seqtext').filter((path) => !path.endsWith('.index.tsv'));

  it.each(topics)('%s: every key and value in every compression', async (expectedPath) => {
    const topic = /([^/]+)\.tsv$/.exec(expectedPath)![1]!;
    const files = new Map<string, SequenceRecord[]>();
    for (const path of fixturesBelow(`seqtext/${topic}`)) files.set(path, await read(fixture(path)));
    const index = fixtureLines(`expected/seqtext/${topic}.index.tsv`).map((line) => line.split('\t'));
    const expected = fixtureLines(expectedPath).map((line) => line.split('\t'));
    expect(index).toHaveLength([...files.values()].flat().length);
    for (const [i, [time, path, ordinal]] of index.entries()) {
      const found = files.get(path!)![Number(ordinal)]!;
      const target = { hi: 0, lo: 0 };
      longWritableInto(found.key, target);
      expect(int64ToBigInt(target.hi, target.lo)).toBe(BigInt(time!));
      expect(Buffer.from(textBytes(found.value)).toString()).toBe(JSON.parse(expected[i]!.slice(1).join('\t')));
    }
  });

  it('give metadata, empty values included', async () => {
    const file = await openSequenceFile(
      bytesSource(fixture('seqtext/st_markers/hourly/2014/11/02/01/st_markers.0.0.90.90.1414915200000')),
    );
    expect([...file.header.metadata]).toEqual([
      ['empty', ''],
      ['written.by', 'fixture café'],
    ]);
    expect(file.header.compression).toBe('none');
  });
});

describe('files of Avro data (AvroSequenceFile)', () => {
  const files = fixturesBelow('avroseq').map((path) => path.slice('avroseq/'.length));

  it.each(files)('%s: the schemas, as many records as Java reads, and their other halves', async (name) => {
    const file = await openSequenceFile(bytesSource(fixture(`avroseq/${name}`)));
    const expected = fixtureLines(`expected/avroseq/${name}.tsv`).map((line) => line.split('\t')[0]);
    const records = await read(fixture(`avroseq/${name}`));
    expect(records).toHaveLength(expected.length);
    const halves = [keyHalf(file.header), valueHalf(file.header)];
    const avro = halves.filter((half) => half.kind === 'avro').map((half) => JSON.parse(half.schemaJson) as unknown);
    expect(avro.some((schema) => (schema as { type?: string }).type === 'record')).toBe(true);
    for (const [i, half] of halves.entries()) {
      if (half.kind !== 'writable') continue;
      const decoded = records.map((one) => decodeWritable(half.read, i === 0 ? one.key : one.value));
      expect(
        decoded.map((value) => (value === null ? 'null' : JSON.stringify(String(value as string | bigint)))),
      ).toEqual(expected.map((other) => (half.className.endsWith('NullWritable') ? 'null' : other)));
    }
  });
});

describe('files of every codec, by record and by block', () => {
  const folder = fileURLToPath(new URL('../../java-archives/seq', import.meta.url));
  const files = readdirSync(folder).filter((name) => name.endsWith('.seq'));

  it.each(files)('%s: what Java reads', async (name) => {
    const bytes = readFileSync(`${folder}/${name}`);
    const records = await read(bytes);
    const expected = readFileSync(`${folder}/${name}.tsv`, 'utf8').trimEnd().split('\n');
    const target = { hi: 0, lo: 0 };
    const found = records.map(({ key, value }) => {
      if (name.startsWith('avro')) {
        const { time, body } = AVRO_EVENT.fromBuffer(Buffer.from(key)) as { time: number; body: string };
        expect(value).toHaveLength(0);
        return `${time}\t${createHash('sha256').update(body).digest('hex')}`;
      }
      longWritableInto(key, target);
      const digest = createHash('sha256').update(textBytes(value)).digest('hex');
      return `${int64ToBigInt(target.hi, target.lo)}\t${digest}`;
    });
    expect(found).toEqual(expected);
    const step = Math.max(1, Math.floor(bytes.length / 100));
    for (let cut = 0; cut <= bytes.length; cut += step)
      expect(places([...(await read(bytes, { end: cut })), ...(await read(bytes, { start: cut }))])).toEqual(
        places(records),
      );
  });
});

describe('files of other versions', () => {
  it.each([1, 2, 3, 4, 5, 6])('version %i is read', async (version) => {
    const bytes = Buffer.concat([
      header({ version }),
      record('k1', 'v1'),
      ...(version > 1 ? [SYNC] : []),
      record('k2', ''),
    ]);
    const records = await read(bytes);
    expect(records.map(({ key, value }) => `${Buffer.from(key).toString()}=${Buffer.from(value).toString()}`)).toEqual([
      'k1=v1',
      'k2=',
    ]);
  });

  it.each([3, 4])('version %i compresses with DefaultCodec without naming it', async (version) => {
    const bytes = Buffer.concat([header({ version, codec: '?' }), record('k', deflateSync('value'))]);
    expect(Buffer.from((await read(bytes))[0]!.value).toString()).toBe('value');
  });

  it('may end with a sync marker', async () => {
    expect(await read(Buffer.concat([header(), record('a', 'b'), SYNC]))).toHaveLength(1);
  });
});

describe('bad files', () => {
  it.each(badFiles('seq'))('$file is an error at $at to $to', async ({ file, at, to, recordsBefore }) => {
    let records = 0;
    const error = await formatErrorOf(() => decode(fixture(file), () => (records += 1)));
    expect(error.facts.position).toBeGreaterThanOrEqual(at ?? 0);
    expect(error.facts.noticedAt ?? error.facts.position).toBeLessThanOrEqual(to!);
    if (recordsBefore !== null) expect(records).toBe(recordsBefore);
  });

  it.each([0, 1, 2])('st_markers %i is an error wherever it is cut inside of a record or block', async (n) => {
    const path = fixturesBelow('seqtext/st_markers')[n]!;
    const whole = fixture(path);
    const all = await read(whole);
    for (let length = 0; length < whole.length; length += 3) {
      const outcome = await read(whole.subarray(0, length)).catch((error: unknown) => error);
      if (outcome instanceof FormatError) expect(outcome.facts.position).toBeLessThanOrEqual(length);
      else
        expect(places(outcome as SequenceRecord[])).toEqual(places(all.slice(0, (outcome as SequenceRecord[]).length)));
    }
    const inLast = await formatErrorOf(() => read(whole.subarray(0, whole.length - 1)));
    expect(inLast.fault).toBe('truncated');
  });

  it('name the limit that is passed', async () => {
    const bytes = Buffer.concat([
      header({ codec: 'org.apache.hadoop.io.compress.DefaultCodec' }),
      record('k', deflateSync('v'.repeat(999))),
    ]);
    expect((await formatErrorOf(() => read(bytes, {}, { recordLimit: 10 }))).message).toContain('recordLimit');
    expect((await formatErrorOf(() => read(bytes, {}, { decompressedLimit: 998 }))).fault).toBe('limit');
    expect(await read(bytes, {}, { decompressedLimit: 999 })).toHaveLength(1);
    expect((await formatErrorOf(() => read(bytes, {}, { headerLimit: 40 }))).message).toContain('headerLimit');
  });

  it('do not make a block whose count is more than its lengths', async () => {
    const codec = 'org.apache.hadoop.io.compress.DefaultCodec';
    const part = (bytes: Buffer) => Buffer.concat([vint(deflateSync(bytes).length), deflateSync(bytes)]);
    const parts = [Buffer.from([1]), Buffer.from('k'), Buffer.from([1]), Buffer.from('v')].map(part);
    const file = (count: number, ...rest: Buffer[]) =>
      Buffer.concat([header({ codec, blocks: true }), SYNC, vint(count), ...rest]);
    expect(await read(file(1, ...parts))).toHaveLength(1);
    for (const count of [2, 2 ** 31 - 1])
      expect((await formatErrorOf(() => read(file(count, ...parts)))).fault).toBe('corrupt');
    expect((await formatErrorOf(() => read(file(-1, ...parts)))).fault).toBe('corrupt');
  });
});

describe('splits', () => {
  const inData = Buffer.concat([Buffer.from('x'), SYNC, Buffer.from('yy')]);
  const files: [string, Buffer][] = [
    ...fixturesBelow('seqtext/st_markers').map((path): [string, Buffer] => [path.slice(-31), fixture(path)]),
    [
      'a sync point in the data',
      Buffer.concat([
        header(),
        record(inData, inData),
        SYNC,
        record('a', inData),
        record('b', SYNC),
        SYNC,
        record('c', 'd'),
      ]),
    ],
    [
      'a sync point and a record in the data',
      Buffer.concat([
        header(),
        record('a', Buffer.concat([SYNC, record('no', 'record'), SYNC])),
        SYNC,
        record('c', 'd'),
      ]),
    ],
  ];

  it.each(files)('give each record exactly once, wherever the file is cut: %s', async (_, bytes) => {
    const all = await read(bytes);
    const step = Math.max(1, Math.floor(bytes.length / 500));
    for (let cut = 0; cut <= bytes.length; cut += step) {
      const parts = [...(await read(bytes, { end: cut })), ...(await read(bytes, { start: cut }))];
      expect(places(parts)).toEqual(places(all));
    }
  });

  it('of a file of version 1, which has no sync markers, hold all or nothing', async () => {
    const bytes = Buffer.concat([header({ version: 1 }), record('a', 'b'), record('c', 'd')]);
    expect(await read(bytes, { end: bytes.length - 1 })).toHaveLength(2);
    expect(await read(bytes, { start: bytes.length - 1 })).toHaveLength(0);
  });
});

describe('skipping bad parts', () => {
  it.each(['wrong-sync', 'block-wrong-sync', 'block-damaged', 'key-length-negative', 'truncated-mid-record'])(
    '%s: goes on at the next sync marker, and skips the same bytes whatever the splits',
    async (name) => {
      const bytes = fixture(`bad/seq/${name}.seq`);
      const run = async (range: SequenceRange) => {
        const skipped: unknown[] = [];
        const onBadBlock = (_: FormatError, bytes: { position: number; end: number }) => {
          skipped.push(bytes);
          return 'skip' as const;
        };
        return { records: places(await read(bytes, { ...range, onBadBlock })), skipped };
      };
      const whole = await run({});
      expect(whole.skipped).toHaveLength(1);
      for (let cut = 0; cut <= bytes.length; cut += 41) {
        const [left, right] = [await run({ end: cut }), await run({ start: cut })];
        expect([...left.records, ...right.records]).toEqual(whole.records);
        expect([...left.skipped, ...right.skipped]).toEqual(whole.skipped);
      }
    },
  );
});
