// What a split makes of files of each format: found by their bytes, cut anywhere, sorted by time or by place, and
// published as Avro-JSON, as the bytes of the file, or as the text that they are.
import { gzipSync } from 'node:zlib';
import { compress as zstandard, isLoaded } from '@foxglove/wasm-zstd';
import { describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { JobError } from '../../../../activities/step/job-error.ts';
import { openContainer } from '../../../../formats/avro/container.ts';
import { CLAMPED, WITHOUT_TIME } from '../../../../activities/replay/record/record-body.ts';
import { bytesSource } from '../../../../formats/byte-source.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import {
  fixture,
  fixtureLines,
  fixturesBelow,
  fixtureText,
  formatErrorOf,
} from '../../../formats/support/fixture-files.ts';
import * as avro from '../../../formats/avro/container-bytes.ts';
import { header, record, text } from '../../../formats/hadoop/sequence-bytes.ts';
import { decodeToMemory, type DecodedFiles, type InputFile } from '../../../support/decode-to-memory.ts';
import { replayJob } from '../../../support/replay-job.ts';
import { sameJson } from '../../../support/same-json.ts';

function lines(path: string, ...texts: string[]): InputFile {
  return { path, bytes: Buffer.from(texts.map((text) => `${text}\n`).join('')) };
}

function decode(files: InputFile[], input: Partial<ReplayInput> = {}, schema?: string): Promise<DecodedFiles> {
  return decodeToMemory(files, replayJob(input), schema === undefined ? {} : { schema });
}

const valuesOf = ({ records }: DecodedFiles): string[] => records.map(({ value }) => value.toString());

const HADOOP_IO = 'org.apache.hadoop.io.';
const LONG = `${HADOOP_IO}LongWritable`;

function textValues(keyClass: string, pairs: [string | Buffer, string][]): InputFile {
  const head = header({ keyClass, valueClass: `${HADOOP_IO}Text` });
  return { path: '/in/a.seq', bytes: Buffer.concat([head, ...pairs.map(([key, value]) => record(key, text(value)))]) };
}

/** Records of one field, the time. */
function avroValues(values: Buffer[], fields: unknown[] = [{ name: 'time', type: 'long' }]): InputFile {
  const schema = { type: 'record', name: 'R', fields };
  const head = header({
    keyClass: `${HADOOP_IO}NullWritable`,
    valueClass: 'org.apache.avro.mapred.AvroValue',
    metadata: { 'avro.value.schema': JSON.stringify(schema) },
  });
  return { path: '/in/a.seq', bytes: Buffer.concat([head, ...values.map((value) => record('', value))]) };
}

function sequenceOf(sortKey: string): number {
  return Number(sortKey.split(':')[2]);
}

describe('the time of a record of Avro, where the job names no field', () => {
  const long = (name: string): unknown => ({ name, type: 'long' });
  const header = { name: 'header', type: { type: 'record', name: 'H', fields: [long('time')] } };

  it.each([
    ['time', [long('timestamp'), header, long('time')], 3n],
    ['header.time', [long('timestamp'), header], 2n],
    ['timestamp, by which an archive has its folders', [long('timestamp'), long('id')], 1n],
  ])('is %s', async (_, fields, expected) => {
    const values = [[2, 4, 6].slice(0, fields.length)].map((longs) => Buffer.from(longs));
    const { records } = await decode([avroValues(values, fields)], { output: { encoding: 'original' } });
    expect(records.map(({ timestamp }) => timestamp)).toEqual([expected]);
  });
});

const MILLIS = { time: { field: 'ts', format: 'unix_milliseconds' } };

describe('an AvroSequenceFile', () => {
  it.each(fixturesBelow('avroseq'))('%s gives the records that Java reads, by their bytes alone', async (path) => {
    const files = [{ path: '/in/no-extension', bytes: fixture(path) }];
    const { records } = await decode(files, {}, fixtureText('schemas/avroseq.avsc'));
    const inFileOrder = records.toSorted((a, b) => sequenceOf(a.sortKey) - sequenceOf(b.sortKey));
    const expected = fixtureLines(`expected/${path}.tsv`).map((line) => line.slice(line.indexOf('\t') + 1));
    expect(records.length).toBe(expected.length);
    for (const [index, { value }] of inFileOrder.entries())
      expect(sameJson(value.toString(), expected[index]!)).toBe(true);
  });

  it('leaves out a record that is shorter than its bytes, and nothing else', async () => {
    const [good, longer, last] = ['02', '0400', '06'].map((hex) => Buffer.from(hex, 'hex'));
    const file = avroValues([good!, longer!, last!]);
    const { records, counts } = await decode([file], { badData: { policy: 'skip' } });
    expect(records.map(({ timestamp }) => timestamp)).toEqual([1n, 3n]);
    expect(counts).toMatchObject({ read: 3, kept: 2, skipped: 1, skippedBy: { corrupt: 1 } });
    const error = await formatErrorOf(() => decode([file]));
    expect(error.message).toMatch(
      /^\/in\/a\.seq at byte \d+, record 0: a record is shorter .*: expected 2 bytes, found 1/,
    );
  });
});

describe('a SequenceFile', () => {
  it.each(fixturesBelow('seqtext'))('%s: the text as it is, at the time in the key', async (path) => {
    const topic = path.split('/')[1]!;
    const expected = fixtureLines(`expected/seqtext/${topic}.index.tsv`).filter((line) => line.includes(path));
    const job = { topic, output: { invalidTimestamps: 'clamp' as const } };
    const { records, counts } = await decode([{ path: `/${path}`, bytes: fixture(path) }], job);
    expect(counts).toMatchObject({ skipped: 0, kept: expected.length });
    expect(records.map(({ sortKey }) => sortKey.split(':')[0])).toEqual(expected.map((line) => line.split('\t')[0]));
  });

  it('has its time in the text where the job says so, or where the key is none', async () => {
    const texts = ['{"ts":5}', '{"ts":3}'];
    const longs = textValues(
      LONG,
      texts.map((text) => [Buffer.alloc(8), text]),
    );
    const keyless = textValues(
      `${HADOOP_IO}NullWritable`,
      texts.map((text) => ['', text]),
    );
    for (const file of [longs, keyless])
      expect(valuesOf(await decode([file], MILLIS))).toEqual(['{"ts":3}', '{"ts":5}']);
    expect((await formatErrorOf(() => decode([keyless]))).fault).toBe('time');
  });

  it('that holds neither Avro records nor text is refused, by its classes', async () => {
    const file = { path: '/in/a.seq', bytes: header({ keyClass: LONG, valueClass: `${HADOOP_IO}IntWritable` }) };
    const error = await formatErrorOf(() => decode([file]));
    expect(error).toMatchObject({ fault: 'unsupported', facts: { position: 0 } });
    expect(error.message).toContain('LongWritable and org.apache.hadoop.io.IntWritable');
  });
});

describe('a text file', () => {
  it('is read by its compression, however it is named', async () => {
    await isLoaded;
    const plain = Buffer.from('{"ts":2}\n{"ts":1}\n');
    for (const bytes of [plain, gzipSync(plain), zstandard(plain, 3)])
      expect(valuesOf(await decode([{ path: '/in/lines', bytes }], MILLIS))).toEqual(['{"ts":1}', '{"ts":2}']);
  });

  it('is text when the job says so, whatever it begins with', async () => {
    const file = lines('/in/a', 'SEQ\u0006 {"ts":1}');
    const job = {
      archive: { input: '/in', format: 'text' as const },
      time: { pattern: '"ts":(\\d+)', format: 'unix' },
    };
    expect((await decode([file], job)).records.map(({ timestamp }) => timestamp)).toEqual([1000n]);
    expect((await formatErrorOf(() => decode([file]))).facts.position).toBe(0);
  });

  it('keeps bytes that are no UTF-8', async () => {
    const bytes = Buffer.from('{"ts":1,"x":"\xff\xfe"}', 'latin1');
    expect((await decode([{ path: '/in/a', bytes }], MILLIS)).records[0]!.value.equals(bytes)).toBe(true);
  });

  it('names the line that has no time: by its byte, or by its place in what is compressed', async () => {
    const bytes = Buffer.from('{"ts":1}\nnothing\n{"ts":2}\n');
    const plain = await formatErrorOf(() => decode([{ path: '/in/a', bytes }], MILLIS));
    expect(plain).toMatchObject({ fault: 'time', facts: { position: 9, ordinal: 1 } });
    const packed = await formatErrorOf(() => decode([{ path: '/in/a', bytes: gzipSync(bytes) }], MILLIS));
    expect(packed.message).toContain('record 1');
    expect(packed.message).toContain('byte 9 of what the file decompresses to');
    const { counts, records } = await decode([{ path: '/in/a', bytes }], { ...MILLIS, badData: { policy: 'skip' } });
    expect(records.length).toBe(2);
    expect(counts).toMatchObject({ skipped: 1, skippedBy: { time: 1 } });
  });

  it('of which nothing is said has its time where Camus has it by default, or an error that says what to do', async () => {
    const found = await decode([lines('/in/a', '{"timestamp":"[09/Mar/2014:10:00:00 +0000]"}')]);
    expect(found.records[0]!.timestamp).toBe(BigInt(Date.parse('2014-03-09T10:00:00Z')));
    const error = await formatErrorOf(() => decode([lines('/in/a', '127.0.0.1 - GET /')]));
    expect(error.message).toContain('say in time.field or time.pattern, and time.format, where it is');
  });

  it('is an error with a key that could not be read', async () => {
    const decoding = decode([lines('/in/a', '{"ts":1}')], { ...MILLIS, output: { key: 'id' } });
    await expect(decoding).rejects.toBeInstanceOf(JobError);
    await expect(decoding).rejects.toThrow('/in/a: it holds lines of text, and output.key names the field id');
  });
});

describe('a byte order mark', () => {
  const MARK = '\ufeff';
  const marked = (path: string): InputFile => lines(path, `${MARK}{"ts":2}`, '{"ts":3}', `${MARK}{"ts":1}`);

  it('before the first line is no part of it; before another one it is, and does not hide its time', async () => {
    expect(valuesOf(await decode([marked('/in/a.json')], MILLIS))).toEqual([`${MARK}{"ts":1}`, '{"ts":2}', '{"ts":3}']);
    const packed = { path: '/in/a.gz', bytes: gzipSync(marked('/in/a').bytes) };
    expect(valuesOf(await decode([packed], MILLIS))).toContain('{"ts":2}');
  });

  it('at the beginning of a file of Camus is the message', async () => {
    expect(valuesOf(await decode([marked('/in/events.0.0.3.3.1394355600000')], MILLIS))).toEqual([
      `${MARK}{"ts":1}`,
      `${MARK}{"ts":2}`,
      '{"ts":3}',
    ]);
  });

  it('is not looked for by an expression', async () => {
    const time = { pattern: '^(\\d+) ', format: 'unix' };
    const found = await decode([lines('/in/a', `${MARK}7 x`, `${MARK}8 y`)], { time });
    expect(found.records.map(({ timestamp }) => timestamp)).toEqual([7000n, 8000n]);
  });

  it('before the schema in the head of an Avro container is let pass', async () => {
    const schema = '{"type":"record","name":"R","fields":[{"name":"time","type":"long"}]}';
    const block = [avro.long(1), avro.long(1), Buffer.from('02', 'hex'), avro.MARKER];
    const bytes = Buffer.concat([avro.header({ 'avro.schema': `${MARK}${schema}` }), ...block]);
    const file = { path: '/in/a.avro', bytes };
    expect((await decode([file])).records.map(({ timestamp }) => timestamp)).toEqual([1n]);
  });
});

describe('a file that is cut', () => {
  const CUT = [
    'avroseq/null-record.block.default.seq',
    'avroseq/record-null.none.seq',
    'text/clicks_plain/hourly/2014/03/09/01/clicks_plain.3.0.65.138.1394355600000',
    'camus/dest/codecs/hourly/2014/11/02/01/codecs.0.12.200.1375.1414915200000.avro',
  ];

  it.each(CUT)('%s: every record is in one part, whatever the parts', async (path) => {
    const file = { path: `/${path}`, bytes: fixture(path) };
    const job = replayJob(path.startsWith('text') ? MILLIS : {});
    const whole = (await decodeToMemory([file], job)).records.map(({ value }) => value.toString()).sort();
    for (const parts of [2, 7, 40]) {
      const values: string[] = [];
      for (let part = 0; part < parts; part += 1) {
        const at = (edge: number): number => Math.floor((file.bytes.length * edge) / parts);
        values.push(...valuesOf(await decodeToMemory([file], job, { range: { start: at(part), end: at(part + 1) } })));
      }
      expect(values.sort()).toEqual(whole);
    }
  });
});

describe('the encoding "original"', () => {
  const CODECS = fixturesBelow('camus/dest/codecs').filter((path) => path.endsWith('.avro'));

  it.each(CODECS)('%s: the values are the bytes of the blocks, one behind the other', async (path) => {
    const blocks: Uint8Array[] = [];
    for await (const { data } of (await openContainer(bytesSource(fixture(path)))).blocks())
      blocks.push(Buffer.from(data));
    const job = { topic: 'codecs', output: { encoding: 'original' as const } };
    const { records } = await decode([{ path: `/${path}`, bytes: fixture(path) }], job);
    const inFileOrder = records.toSorted((a, b) => sequenceOf(a.sortKey) - sequenceOf(b.sortKey));
    expect(Buffer.concat(inFileOrder.map(({ value }) => value)).equals(Buffer.concat(blocks))).toBe(true);
  });

  it('needs the time of a record and no more: fields that do not resolve anywhere are no matter', async () => {
    const file = avroValues(['02', '04'].map((hex) => Buffer.from(hex, 'hex')));
    expect(
      (await decode([file], { output: { encoding: 'original' } })).records.map(({ value }) => value.toString('hex')),
    ).toEqual(['02', '04']);
  });
});

describe('an order without times', () => {
  const files = [
    lines('/in/events.0.0.2.20.1394355600000', 'late', '{"ts":9}'),
    lines('/in/events.0.1.1.7.1394355600000', 'early'),
  ];

  it('"file" is that of the manifest; a record without a time gets that of publishing', async () => {
    const { records, counts } = await decode(files, { ...MILLIS, order: 'file' });
    expect(records.map(({ sortKey, value }) => [sortKey, value.toString()])).toEqual([
      ['0:0:0', 'late'],
      ['0:0:1', '{"ts":9}'],
      ['0:0:2', 'early'],
    ]);
    expect(records.map(({ flags, timestamp }) => [flags, timestamp])).toEqual([
      [WITHOUT_TIME, 0n],
      [0, 9n],
      [WITHOUT_TIME, 0n],
    ]);
    expect(counts).toMatchObject({ kept: 3, skipped: 0, timeUnit: undefined });
  });

  it('"offset" is that of the next offsets in the names', async () => {
    const { records } = await decode(files, { ...MILLIS, order: 'offset' });
    expect(records.map(({ sortKey, value }) => [sortKey, value.toString()])).toEqual([
      ['7:0:2', 'early'],
      ['20:0:0', 'late'],
      ['20:0:1', '{"ts":9}'],
    ]);
  });

  it('takes Avro records whose schema has no time', async () => {
    const path = 'bad/avro/no-time-field.avro';
    const { records, counts } = await decode([{ path: '/in/a.avro', bytes: fixture(path) }], { order: 'file' });
    expect(counts.kept).toBeGreaterThan(0);
    expect(records.every(({ flags }) => flags === WITHOUT_TIME)).toBe(true);
  });

  it('keeps the original of a time that was clamped, not its place', async () => {
    const file = lines('/in/a', '{"ts":-5}');
    const output = { invalidTimestamps: 'clamp' as const };
    const { records, counts } = await decode([file], { ...MILLIS, order: 'file', output });
    expect(counts.clamped).toBe(1);
    expect(records[0]).toMatchObject({ sortKey: '0:0:0', flags: CLAMPED, timestamp: -5n });
    await expect(decode([file], { ...MILLIS, order: 'file' })).rejects.toBeInstanceOf(FormatError);
  });
});
