// Proves what a batch gives of its records: the same bytes in every codec and framing, whether they are unpacked at once
// or in pieces; nulls told from empty, headers with their order, repeats and nulls, timestamps of the whole range; only
// the range's records; and that lengths which don't fit are refused with the batch's offset.
import { deflateRawSync, gzipSync } from 'node:zlib';
import { compressSync as snappy } from 'snappy';
import { compressFrameSync } from 'lz4-napi';
import { describe, expect, it } from 'vitest';
import { UNPACK_AT_ONCE } from '../../../../connections/kafka/batch/unpack.ts';
import { lz4Blocks } from '../../../../connections/kafka/batch/lz4-frame.ts';
import type { Compression } from '../../../../connections/kafka/batch/compression.ts';
import { RecordBatchBuilder } from '../../../../connections/kafka/batch/record-batch.ts';
import { FetchedBatch } from '../../../../connections/kafka/read/fetched-batch.ts';
import { judgeBatches } from '../../../../connections/kafka/read/judge-batches.ts';
import type { RecordHeader } from '../../../../connections/kafka/read/topic-reader.ts';
import { int64FromBigInt } from '../../../../formats/int64.ts';
import { logBatch, type LogBatchOptions } from '../../../support/kafka/log-batch.ts';
import { body, varint, withLength } from '../encoded-body.ts';

interface Given {
  key: string | null;
  value: string | Buffer | null;
  timestamp: bigint;
  headers?: [string, string | null][];
}

const ALL = { from: 0n, to: 1n << 62n };

async function fetched(
  baseOffset: bigint,
  records: readonly Given[],
  options: LogBatchOptions & { range?: { from: bigint; to: bigint }; change?: (bytes: Uint8Array) => void } = {},
): Promise<FetchedBatch> {
  const builder = new RecordBatchBuilder({ topic: 't', partition: 0, ordinals: false });
  for (const { key, value, timestamp, headers = [] } of records) {
    const bytes = body(key, value);
    const { hi, lo } = int64FromBigInt(timestamp);
    const encoded = Buffer.concat(headers.flatMap(([name, text]) => [withLength(name), withLength(text)]));
    builder.add(hi, lo, bytes, 0, bytes.length, 0, encoded, 0, encoded.length, headers.length);
  }
  const batch = builder.take();
  options.change?.(batch.records);
  const records_ = await logBatch(baseOffset, batch, options);
  const [judged] = [...judgeBatches({ aborted: [], records: records_ })];
  return new FetchedBatch(judged!, options.range ?? ALL);
}

interface Read {
  offset: bigint;
  timestamp: bigint;
  timestampNumber: number;
  key: string | null;
  value: string | null;
  headers: [string, string | null][];
}

async function readAll(batch: FetchedBatch): Promise<{ records: Read[]; runs: number }> {
  const records: Read[] = [];
  let runs = 0;
  for await (const run of batch.records()) {
    runs++;
    while (run.next())
      records.push({
        offset: run.offset,
        timestamp: run.timestamp,
        timestampNumber: run.timestampNumber,
        key: run.key?.toString() ?? null,
        value: run.value?.toString() ?? null,
        headers: run.headers().map(({ name, value }: RecordHeader) => [name, value?.toString() ?? null]),
      });
  }
  return { records, runs };
}

const PLAIN: Given[] = [
  {
    key: 'a',
    value: 'one',
    timestamp: 1000n,
    headers: [
      ['h', 'x'],
      ['h', null],
      ['', ''],
      ['h', 'x'],
    ],
  },
  { key: null, value: null, timestamp: 999n },
  { key: '', value: '', timestamp: 1001n },
  { key: 'ä'.repeat(100), value: 'v'.repeat(1000), timestamp: -1n },
];

describe.each<Compression>(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('records with %s', (compression) => {
  it('are what was written, nulls told from empty, headers in their order', async () => {
    const batch = await fetched(40n, PLAIN, { compression });
    const { records } = await readAll(batch);
    expect(records).toEqual(
      PLAIN.map(({ key, value, timestamp, headers = [] }, index) => ({
        offset: 40n + BigInt(index),
        timestamp,
        timestampNumber: Number(timestamp),
        key,
        value,
        headers,
      })),
    );
    expect(batch).toMatchObject({ baseOffset: 40n, lastOffset: 43n, nextOffset: 44n, count: 4, compression });
  });

  it('come in runs where they unpack to more than is unpacked at once, whatever their length', async () => {
    const lengths = [10, UNPACK_AT_ONCE + 5, 0, 300_000, 1, 3_000_000, 128, 70_000, 2];
    const given = lengths.map((length, index): Given => {
      // Half of it compresses well, half repeats from far behind.
      const value = Buffer.alloc(length, index).fill(`${index} and so on; `, 0, length >> 1);
      return { key: `${index}`, value, timestamp: BigInt(index) };
    });
    const batch = await fetched(7n, given, { compression });
    let runs = 0;
    let at = 0;
    for await (const run of batch.records()) {
      runs++;
      for (; run.next(); at++) {
        expect(run.offset).toBe(7n + BigInt(at));
        expect(run.key!.toString()).toBe(given[at]!.key);
        expect(Buffer.compare(run.value!, given[at]!.value as Buffer)).toBe(0);
      }
    }
    expect(at).toBe(given.length);
    if (compression !== 'none') expect(runs).toBeGreaterThan(1);
  });
});

describe('framings of other clients', () => {
  const plain = Buffer.concat([varint(8), Buffer.from([0, 0, 0]), varint(-1), withLength('ab'), varint(0)]);
  plain[0] = (plain.length - 1) << 1;

  it.each<[string, Compression, Buffer]>([
    ['snappy without a frame, as librdkafka writes', 'snappy', snappy(plain)],
    [
      'lz4 with checksums of blocks and content',
      'lz4',
      compressFrameSync(plain, { contentChecksum: true, blockChecksums: true }),
    ],
    ['gzip in two members', 'gzip', Buffer.concat([gzipSync(plain.subarray(0, 4)), gzipSync(plain.subarray(4))])],
  ])('%s', async (_, compression, compressed) => {
    const one = [{ key: null, value: 'ab', timestamp: 5n }];
    const { records } = await readAll(await fetched(3n, one, { compression, compressed }));
    expect(records).toMatchObject([{ offset: 3n, key: null, value: 'ab', timestamp: 5n }]);
  });

  it('unpacks linked blocks of lz4, whose matches reach into the block before', () => {
    // Blocks of 64 KiB: the first is stored as it is, the second copies all of it, 65,535 bytes back.
    const first = Buffer.from(Array.from({ length: 65_536 }, (_, index) => (index * 7919) & 0xff));
    const copied = 65_536 - 5;
    const extension = copied - 4 - 15;
    const match = [0x0f, 0xff, 0xff, ...new Array<number>(Math.floor(extension / 255)).fill(255), extension % 255];
    const last = [0x50, 1, 2, 3, 4, 5];
    const block = Buffer.from([...match, ...last]);
    const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0]);
    const sizes = [Buffer.alloc(4), Buffer.alloc(4)];
    sizes[0]!.writeUInt32LE((0x80000000 | first.length) >>> 0);
    sizes[1]!.writeUInt32LE(block.length);
    const frame = Buffer.concat([head, sizes[0]!, first, sizes[1]!, block, Buffer.alloc(4)]);
    const out = Buffer.concat([...lz4Blocks(frame)]);
    expect(out.length).toBe(2 * 65_536);
    expect(
      out
        .subarray(65_536, 65_536 + copied)
        .equals(Buffer.concat([first.subarray(1), first.subarray(1)]).subarray(0, copied)),
    ).toBe(true);
    expect([...out.subarray(-5)]).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('a range', () => {
  it('gives of its first and last batch only what is in it', async () => {
    const batch = await fetched(40n, PLAIN, { range: { from: 41n, to: 43n } });
    expect((await readAll(batch)).records.map(({ offset }) => offset)).toEqual([41n, 42n]);
  });
});

describe('timestamps', () => {
  const extremes = [0n, -1n, 1n << 62n, -(1n << 63n), (1n << 63n) - 1n, 253402300799999n, 1n, (1n << 49n) + 3n];

  it('are right over the whole range of 64 bits, and NaN as a number where it could not hold them', async () => {
    const given = extremes.map((timestamp) => ({ key: null, value: null, timestamp }));
    const { records } = await readAll(await fetched(0n, given));
    expect(records.map(({ timestamp }) => timestamp)).toEqual(extremes);
    expect(records.map(({ timestampNumber }) => timestampNumber)).toEqual(
      extremes.map((timestamp) => (Number.isSafeInteger(Number(timestamp)) ? Number(timestamp) : NaN)),
    );
  });

  it("are the broker's for all records of a batch that says so", async () => {
    const batch = await fetched(0n, PLAIN, { appendTime: true });
    expect(batch).toMatchObject({ timestampType: 'append', maxTimestamp: 1001n });
    const { records } = await readAll(batch);
    expect(records.map(({ timestamp }) => timestamp)).toEqual([1001n, 1001n, 1001n, 1001n]);
  });
});

describe('a batch whose bytes are not those of records', () => {
  it.each<[string, (bytes: Uint8Array) => void, RegExp]>([
    ['a record that is longer than the batch', (bytes) => (bytes[0] = 0x7e), /a record of at most/],
    ['a record of negative length', (bytes) => (bytes[0] = 1), /a record of at most/],
    ['a key that is longer than its record', (bytes) => (bytes[4] = 0x7e), /a key of at most/],
    ['more headers than there is room for', (bytes) => (bytes[8] = 0x7e), /headers of 0 bytes, found 63 headers/],
  ])('is refused: %s', async (_, change, message) => {
    const batch = await fetched(17n, [{ key: 'k', value: 'v', timestamp: 1n }], { change });
    await expect(readAll(batch)).rejects.toMatchObject({ name: 'ConnectionError', fault: 'refused' });
    await expect(readAll(batch)).rejects.toThrow(message);
    await expect(readAll(batch)).rejects.toThrow('batch at offset 17');
  });

  it.each<[Compression, Buffer]>([
    ['gzip', deflateRawSync(Buffer.alloc(100))],
    ['snappy', Buffer.from([200, 1, 0])],
    ['lz4', Buffer.from('not a frame')],
    ['zstd', Buffer.from('not a frame')],
  ])('is refused where %s data are damaged', async (compression, compressed) => {
    const batch = await fetched(17n, PLAIN, { compression, compressed });
    await expect(readAll(batch)).rejects.toThrow(/batch at offset 17: expected .*found/);
  });

  it('is refused where it holds other records than it says', async () => {
    const fewer = Buffer.concat([varint(6), Buffer.from([0, 0, 0]), varint(-1), varint(-1), varint(0)]);
    fewer[0] = (fewer.length - 1) << 1;
    const batch = await fetched(17n, PLAIN, { compressed: fewer });
    await expect(readAll(batch)).rejects.toThrow('expected 4 records, found 1');
  });

  it('is empty where compaction took all records, and not an error', async () => {
    const batch = await fetched(17n, [PLAIN[0]!], { compressed: Buffer.alloc(0), count: 0, lastOffsetDelta: 8 });
    expect(batch).toMatchObject({ count: 0, baseOffset: 17n, nextOffset: 26n });
    expect(await readAll(batch)).toEqual({ records: [], runs: 0 });
  });
});
