/**
 * Proves that SequenceFiles are those that Hadoop writes: every fixture of Hadoop's, written again from its own records, is
 * the same to the byte, but for what compressors leave open. That Java reads them: test/integration/java.
 */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../formats/byte-source.ts';
import { HADOOP_CODEC_CLASSES } from '../../../formats/codecs/compress/hadoop-compressors.ts';
import type { HadoopWriteCodec } from '../../../formats/codecs/compress/hadoop-compressors.ts';
import { openSequenceFile } from '../../../formats/hadoop/sequence-file.ts';
import type { SequenceFileHeader } from '../../../formats/hadoop/sequence-file.ts';
import { openSequenceFileWriter } from '../../../formats/hadoop/sequence-file-writer.ts';
import type { SequenceFileWriterOptions } from '../../../formats/hadoop/sequence-file-writer.ts';
import { MemorySink, SlowSink } from '../support/byte-sinks.ts';
import { fixture, fixturesBelow } from '../support/fixture-files.ts';

interface Pair {
  key: Uint8Array;
  value: Uint8Array;
  ordinal?: number;
}

const CODECS = Object.entries(HADOOP_CODEC_CLASSES) as [HadoopWriteCodec, string][];
const FORMS = ['none', 'record', 'block'] as const;

async function contents(bytes: Uint8Array): Promise<{ header: SequenceFileHeader; records: Pair[] }> {
  const file = await openSequenceFile(bytesSource(bytes));
  const records: Pair[] = [];
  for await (const { key, value, ordinal } of file.records()) records.push({ key, value, ordinal });
  return { header: file.header, records };
}

async function written(options: Omit<SequenceFileWriterOptions, 'sink'>, records: readonly Pair[]): Promise<Buffer> {
  const sink = new MemorySink();
  const writer = await openSequenceFileWriter({ ...options, sink });
  // The same bytes for every key, as hot loops have it, and two pieces of each value, as a Text's length and bytes come.
  const scratch = Buffer.alloc(1024);
  for (const { key, value } of records) {
    scratch.set(key);
    const more = writer.append(scratch.subarray(0, key.length), value.subarray(0, 1), value.subarray(1));
    if (!more) await writer.drained();
  }
  const { length, records: count } = await writer.end();
  expect([length, count]).toEqual([sink.bytes.length, records.length]);
  return sink.bytes;
}

/** The least that Hadoop found enough for a block. */
function blockBytesOf(records: readonly Pair[]): number {
  const blocks: number[] = [];
  for (const { ordinal, key, value } of records) {
    if (ordinal === 0) blocks.push(0);
    blocks[blocks.length - 1]! += key.length + value.length;
  }
  // The last one ended with the file.
  return Math.min(1_000_000, ...blocks.slice(0, -1));
}

const asHex = (records: readonly Pair[]) =>
  records.map(({ key, value }) => `${Buffer.from(key).toString('hex')} ${Buffer.from(value).toString('hex')}`);

describe('a SequenceFile written again from the records of one that Hadoop wrote', () => {
  const files = [...fixturesBelow('seqtext'), ...fixturesBelow('exec/history')].filter((path) =>
    fixture(path).subarray(0, 4).equals(Buffer.from('SEQ\x06')),
  );
  const identical = { none: 0, record: 0, block: 0 };

  it.each(files)('%s', async (path) => {
    const bytes = fixture(path);
    const { header, records } = await contents(bytes);
    const codec = CODECS.find(([, className]) => className === header.codecClass)?.[0];
    const options = {
      ...header,
      syncMarker: header.syncMarker!,
      codec,
      metadata: Object.fromEntries(header.metadata),
      blockBytes: blockBytesOf(records),
      syncBytes: path.includes('st_markers') ? 2000 : 100 * 1024,
    };
    const again = await written(options, records);
    const read = await contents(again);
    expect(read.header).toEqual(header);
    expect(asHex(read.records)).toEqual(asHex(records));
    if (again.equals(bytes)) identical[header.compression]++;
    if (header.compression === 'none') expect(again.equals(bytes)).toBe(true);
    // Block by block the same records.
    expect(read.records.map(({ ordinal }) => ordinal)).toEqual(records.map(({ ordinal }) => ordinal));
  });

  it('is the same to the byte where a compressor leaves nothing open', () => {
    expect(identical.none).toBeGreaterThan(14);
    expect(identical.record).toBeGreaterThan(10);
  });
});

describe('a SequenceFile writer', () => {
  const records = Array.from({ length: 2000 }, (_, i) => ({
    key: Buffer.from(`key ${i}`),
    // Empty ones, short ones, and one far longer than a chunk of Hadoop's block compressors.
    value: Buffer.from(i === 77 ? 'long '.repeat(200_000) : `${i} `.repeat(i % 40)),
  }));
  const options = { keyClass: 'k', valueClass: 'v', syncMarker: Buffer.alloc(16, 7), blockBytes: 100_000 };

  it.each(FORMS.flatMap((compression) => CODECS.map(([codec]) => ({ compression, codec }))))(
    'writes $compression $codec as the reader reads it, in the background as in place',
    async ({ compression, codec }) => {
      const bytes = await written({ ...options, compression, codec }, records);
      const { header, records: read } = await contents(bytes);
      expect(header.compression).toBe(compression);
      expect(asHex(read)).toEqual(asHex(records));
      const inBackground = await written({ ...options, compression, codec, background: true }, records);
      expect(inBackground.equals(bytes)).toBe(true);
    },
  );

  it.each(FORMS)('writes a file without records (%s)', async (compression) => {
    expect((await contents(await written({ ...options, compression }, []))).records).toEqual([]);
  });

  it('puts a sync marker where enough has come, so that a file can be split', async () => {
    const bytes = await written({ ...options, syncBytes: 2000 }, records);
    const file = await openSequenceFile(bytesSource(bytes));
    const ends = [0, 30_000, 1_100_000, bytes.length];
    const read: Pair[] = [];
    for (let i = 1; i < ends.length; i++) {
      const before = read.length;
      for await (const record of file.records({ start: ends[i - 1]!, end: ends[i]! })) read.push(record);
      expect(read.length).toBeGreaterThan(before);
    }
    expect(asHex(read)).toEqual(asHex(records));
  });

  it.each(FORMS)('asks to be waited for while its sink takes nothing (%s)', async (compression) => {
    const writer = await openSequenceFileWriter({ ...options, compression, codec: 'snappy', sink: new SlowSink() });
    let appended = 0;
    let state = 1;
    const noise = Buffer.alloc(1000);
    const fill = () => {
      for (let i = 0; i < noise.length; i++) noise[i] = (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
      return noise;
    };
    while (writer.append(new Uint8Array(8), fill())) appended += 1000;
    expect(appended).toBeLessThan(2 * 1024 * 1024);
  });

  it.each([
    ['a short sync marker', { syncMarker: new Uint8Array(4) }, '16 bytes, not 4'],
    ['a level that zlib lacks', { compression: 'record', level: 11 }, 'levels 0 to 9, not 11'],
    ['a block of no byte', { compression: 'block', blockBytes: 0 }, 'at least 1 byte, not 0'],
  ] as const)('refuses %s', async (_, changed, message) => {
    await expect(openSequenceFileWriter({ ...options, ...changed, sink: new MemorySink() })).rejects.toThrow(message);
  });
});
