// How much `skip` says is lost: as the file itself counts it, else as its name does, else estimated by its bytes; under
// the reason that it was lost for, and as much in splits as in one piece.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { projectRoot } from '../../../../scripts/stack/project-root.ts';
import * as avro from '../../../formats/avro/container-bytes.ts';
import { header, record, SYNC, text } from '../../../formats/hadoop/sequence-bytes.ts';
import { fixture } from '../../../formats/support/fixture-files.ts';
import { decodeToMemory, type DecodeOptions, type DecodedFiles } from '../../../support/decode-to-memory.ts';
import { replayJob } from '../../../support/replay-job.ts';

const MILLIS = { time: { field: 'ts', format: 'unix_milliseconds' } };

/** A file of twelve records that Java wrote, in three blocks of four. */
const tiny = (name: string): Buffer => readFileSync(join(projectRoot, 'test/java-archives/tiny', name));

async function skippedOf(
  path: string,
  bytes: Uint8Array,
  input: Partial<ReplayInput> = {},
  options: DecodeOptions = {},
): Promise<DecodedFiles['counts']> {
  const { counts } = await decodeToMemory(
    [{ path, bytes }],
    replayJob({ badData: { policy: 'skip' }, ...input }),
    options,
  );
  const byReason = Object.values(counts.skippedBy).reduce((sum, records) => sum + records, 0);
  expect(byReason).toBe(counts.skipped);
  expect(counts.read).toBe(counts.kept + counts.skipped);
  return counts;
}

async function inParts(path: string, bytes: Uint8Array, parts: number): Promise<number> {
  let skipped = 0;
  for (let part = 0; part < parts; part += 1) {
    const at = (edge: number): number => Math.floor((bytes.length * edge) / parts);
    skipped += (await skippedOf(path, bytes, {}, { range: { start: at(part), end: at(part + 1) } })).skipped;
  }
  return skipped;
}

function flipped(bytes: Buffer, at: number, length = 1): Buffer {
  const changed = Buffer.from(bytes);
  for (let byte = at; byte < at + length; byte += 1) changed[byte]! ^= 0x55;
  return changed;
}

const NAMED = '/in/tiny.0.0.12.12.1414915200000';

it('an Avro file without a time field has lost the records that its blocks count', async () => {
  const path = 'bad/avro/no-time-field.avro';
  const { counts } = await decodeToMemory([{ path: '/in/a.avro', bytes: fixture(path) }], replayJob({ order: 'file' }));
  const skipped = await skippedOf('/in/a.avro', fixture(path));
  expect(skipped).toMatchObject({ skipped: counts.kept, skippedBy: { schema: counts.kept }, estimated: 0 });
});

it('so has one whose codec is not known, however it is cut', async () => {
  const blocks = [3, 1, 5].map((count) => avro.block(Array.from({ length: count }, () => Buffer.from('some bytes'))));
  const bytes = Buffer.concat([avro.header({ 'avro.codec': 'lzo' }), ...blocks]);
  expect(await skippedOf('/in/a.avro', bytes)).toMatchObject({
    skipped: 9,
    skippedBy: { unsupported: 9 },
    estimated: 0,
  });
  for (const parts of [2, 3, 7]) expect(await inParts('/in/a.avro', bytes, parts)).toBe(9);
});

it('a container whose sync marker is damaged has lost the blocks on both sides of it', async () => {
  const bytes = tiny('snappy.avro');
  const marker = bytes.subarray(-16);
  const second = bytes.indexOf(marker, bytes.indexOf(marker) + 16);
  const damaged = flipped(bytes, second + 3);
  expect(await skippedOf('/in/a.avro', damaged)).toMatchObject({ skipped: 8, skippedBy: { corrupt: 8 }, estimated: 0 });
});

it.each(['block.default.seq', 'block.bzip2.seq'])(
  '%s: a damaged block has lost what its head counts, for that reason, with and without a count in the name',
  async (name) => {
    const bytes = tiny(name);
    const damaged = flipped(bytes, Math.floor(bytes.length / 2), 2);
    const expected = { read: 12, kept: 8, skipped: 4, skippedBy: { corrupt: 4 }, estimated: 0 };
    expect(await skippedOf(NAMED, damaged)).toMatchObject(expected);
    expect(await skippedOf('/in/a.seq', damaged)).toMatchObject(expected);
    for (const parts of [2, 5]) expect(await inParts('/in/a.seq', damaged, parts)).toBe(4);
  },
);

it('a damaged sync marker in a SequenceFile of blocks has lost the block behind it', async () => {
  const bytes = tiny('block.default.seq');
  const sync = bytes.lastIndexOf(Buffer.from('ffffffff', 'hex'));
  expect(await skippedOf('/in/a.seq', flipped(bytes, sync + 8))).toMatchObject({
    skipped: 4,
    skippedBy: { corrupt: 4 },
  });
});

it('a SequenceFile that holds nothing to be published has lost the records that its frames count', async () => {
  const records = Array.from({ length: 7 }, () => record('12345678', '1234'));
  const head = header({
    keyClass: 'org.apache.hadoop.io.LongWritable',
    valueClass: 'org.apache.hadoop.io.IntWritable',
  });
  const bytes = Buffer.concat([head, ...records.slice(0, 3), SYNC, ...records.slice(3)]);
  expect(await skippedOf('/in/a.seq', bytes)).toMatchObject({
    skipped: 7,
    skippedBy: { unsupported: 7 },
    estimated: 0,
  });
  expect(await inParts('/in/a.seq', bytes, 3)).toBe(7);
  const blocks = tiny('block.default.seq');
  const unknown = Buffer.from(blocks.toString('latin1').replace('DefaultCodec', 'UnknownCodec'), 'latin1');
  expect(await skippedOf('/in/a.seq', unknown)).toMatchObject({ skipped: 12, skippedBy: { unsupported: 12 } });
});

it('records up to the next sync marker, whose number nothing tells, are estimated by what was read of the file', async () => {
  const lines = Array.from({ length: 60 }, (_, n) => record(Buffer.alloc(8), text(`{"ts":${100 + n}}`)));
  const head = header({ keyClass: 'org.apache.hadoop.io.LongWritable', valueClass: 'org.apache.hadoop.io.Text' });
  const runs = [0, 20, 40].map((from) => Buffer.concat([...lines.slice(from, from + 20), SYNC]));
  const bytes = Buffer.concat([head, ...runs]);
  const inSecond = head.length + runs[0]!.length + lines[0]!.length * 5;
  const damaged = flipped(bytes, inSecond + 2, 2);
  const counts = await skippedOf('/in/a.seq', damaged);
  expect(counts).toMatchObject({ kept: 45, skippedBy: { truncated: counts.skipped } });
  expect(counts.estimated).toBe(counts.skipped);
  expect(counts.skipped).toBeGreaterThan(12);
  expect(counts.skipped).toBeLessThan(20);
  expect(JSON.parse(counts.errors[0]!)).toMatchObject({ records: counts.skipped, estimated: true });
  const named = await skippedOf('/in/tiny.0.0.60.60.1414915200000', damaged);
  expect(named).toMatchObject({ kept: 45, skipped: 15, estimated: 0 });
});

const PLAIN = Buffer.from(Array.from({ length: 1000 }, (_, ts) => `{"ts":${ts}}\n`).join(''));

it('a compressed file that is damaged has lost all its lines, about as many a byte as come out of it', async () => {
  const bytes = gzipSync(PLAIN);
  for (const at of [bytes.length - 6, Math.floor(bytes.length / 2)]) {
    const counts = await skippedOf('/in/a.gz', flipped(bytes, at, 2), MILLIS);
    expect(counts).toMatchObject({ kept: 0, skippedBy: { corrupt: counts.skipped }, estimated: counts.skipped });
    expect(Math.abs(counts.skipped - 1000)).toBeLessThan(300);
  }
});

it('one that can not be read at all has lost what its bytes hold in the rest of the archive, or what its name counts', async () => {
  const bytes = flipped(gzipSync(PLAIN), 2);
  const perByte = 1000 / bytes.length;
  const like = { recordsPerByte: { '*': 1, '.gz': perByte } };
  expect(await skippedOf('/in/a.gz', bytes, MILLIS, like)).toMatchObject({ skipped: 1000, estimated: 1000 });
  const plain = { recordsPerByte: { '*': perByte / 8, '.json': perByte / 8 } };
  expect(await skippedOf('/in/a.gz', bytes, MILLIS, plain)).toMatchObject({
    skipped: 1000,
    skippedBy: { corrupt: 1000 },
  });
  const named = await skippedOf('/in/tiny.0.0.400.400.1414915200000.gz', bytes, MILLIS, like);
  expect(named).toMatchObject({ skipped: 400, skippedBy: { corrupt: 400 }, estimated: 0 });
});

it.each([
  ['bzip2', Buffer.concat([Buffer.from('BZh91AY&SY'), Buffer.alloc(5000, 1)]), 'unsupported'],
  ['Parquet without its end', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(5000, 1)]), 'truncated'],
  ['UTF-16', Buffer.from(`\ufeff${PLAIN.toString()}`, 'utf16le'), 'unsupported'],
])('so has a file of %s', async (_what, bytes, fault) => {
  const counts = await skippedOf('/in/a', bytes, MILLIS, { recordsPerByte: { '*': 0.1 } });
  expect(counts).toMatchObject({ skipped: Math.round(bytes.length / 10), estimated: Math.round(bytes.length / 10) });
  expect(Object.keys(counts.skippedBy)).toEqual([fault]);
});

it('a line that is too long takes the lines behind it, and no more', async () => {
  const long = Buffer.alloc(129 * 1024 * 1024, 0x61);
  const bytes = Buffer.concat([Buffer.from('{"ts":1}\n'), long, Buffer.from('\n{"ts":2}\n{"ts":3}')]);
  expect(await skippedOf('/in/a', bytes, MILLIS)).toMatchObject({ kept: 1, skipped: 3, skippedBy: { limit: 3 } });
});

it('an estimate of nothing known is not nothing: a file of 100 KB is some hundred records', async () => {
  const counts = await skippedOf('/in/a.bz2', Buffer.concat([Buffer.from('BZh91AY&SY'), Buffer.alloc(100_000, 1)]));
  expect(counts.skipped).toBeGreaterThan(300);
});
