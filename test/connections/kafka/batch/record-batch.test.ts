// Proves that what the builder writes is Kafka's record batch v2: kafkajs's decoder, which shares no code with it,
// reads back every key, value, header, timestamp and ordinal, at the edges of their ranges too.
import { describe, expect, it } from 'vitest';
import { int64FromBigInt } from '../../../../formats/int64.ts';
import {
  BATCH_HEADER_BYTES,
  ORDINAL_HEADER,
  RecordBatchBuilder,
} from '../../../../connections/kafka/batch/record-batch.ts';
import { body, varint, withLength } from '../encoded-body.ts';
import { decodeWithKafkajs, encodeWhole, STAMP } from '../kafkajs-decoder.ts';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

function add(builder: RecordBatchBuilder, timestamp: bigint, bytes: Buffer, ordinal: number): void {
  const { hi, lo } = int64FromBigInt(timestamp);
  builder.add(hi, lo, bytes, 0, bytes.length, ordinal);
}

const newBuilder = (options: { capacity?: number; ordinals?: boolean } = {}): RecordBatchBuilder =>
  new RecordBatchBuilder({ topic: 'replay', partition: 3, ...options });

describe('RecordBatchBuilder', () => {
  it('writes keys, values, nulls and the ordinal so that another decoder reads them', async () => {
    const builder = newBuilder();
    const bodies: [string | null, string | null][] = [
      ['key', 'value'],
      [null, 'value without key'],
      ['key without value', null],
      [null, null],
      ['', ''],
      ['Schlüssel', 'Wert ☃'.repeat(1000)],
    ];
    bodies.forEach(([key, value], index) => add(builder, 1_700_000_000_000n + BigInt(index), body(key, value), index));
    const batch = builder.take();
    expect(batch).toMatchObject({ topic: 'replay', partition: 3, count: 6, firstTimestamp: 1_700_000_000_000n });
    const decoded = await decodeWithKafkajs(await encodeWhole(batch));
    expect(decoded).toMatchObject({
      firstSequence: STAMP.sequence,
      producerId: String(STAMP.producerId),
      producerEpoch: STAMP.epoch,
      inTransaction: true,
      lastOffsetDelta: 5,
      maxTimestamp: '1700000000005',
    });
    expect(decoded.records.map(({ key, value }) => [key?.toString() ?? null, value?.toString() ?? null])).toEqual(
      bodies,
    );
    expect(decoded.records.map(({ headers }) => headers[ORDINAL_HEADER]!.toString())).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
    expect(decoded.records.map(({ offset }) => offset)).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it.each([
    [[0n, 0n, 0n]],
    [[0n, 1n, 63n, 64n, 8191n, 8192n, 2n ** 20n, 2n ** 30n - 1n, 2n ** 30n, 2n ** 31n, 2n ** 32n, 2n ** 53n]],
    [[1_700_000_000_000n, 1_699_999_999_999n, 0n, -1n, -(2n ** 40n)]],
    [[-5n, 5n, -5n, 0n]],
    [[2n ** 32n - 1n, 2n ** 32n, 2n ** 32n + 1n, 2n ** 33n]],
    [[MIN, -1n, 0n, MAX]],
    [[MAX, 0n, MIN]],
    [[253_402_300_799_999n, 253_402_300_799_998n]],
  ])('keeps the timestamps %s', async (timestamps) => {
    const builder = newBuilder();
    timestamps.forEach((timestamp, index) => add(builder, timestamp, body('k', 'v'), index));
    const batch = builder.take();
    expect(batch.firstTimestamp).toBe(timestamps[0]);
    expect(batch.maxTimestamp).toBe(timestamps.reduce((max, value) => (value > max ? value : max)));
    const { records, firstTimestamp } = await decodeWithKafkajs(await encodeWhole(batch));
    expect(BigInt(firstTimestamp)).toBe(timestamps[0]);
    expect(records.map(({ timestamp }) => BigInt.asIntN(64, BigInt(timestamp)))).toEqual(timestamps);
  });

  it.each([
    0,
    9,
    10,
    999_999_999,
    1e9,
    2 ** 30 - 1,
    2 ** 30,
    2 ** 31,
    2 ** 32,
    1_000_000_007,
    10 ** 15,
    Number.MAX_SAFE_INTEGER,
  ])('writes the ordinal %d in decimal digits', async (ordinal) => {
    const builder = newBuilder();
    add(builder, 0n, body('k', 'v'), ordinal);
    const { records } = await decodeWithKafkajs(await encodeWhole(builder.take()));
    expect(records[0]!.headers[ORDINAL_HEADER]!.toString()).toBe(String(ordinal));
  });

  it('puts further headers after the ordinal, and none where ordinals are off', async () => {
    const headers = Buffer.concat([
      Buffer.from('..'),
      withLength('trace'),
      withLength('abc'),
      withLength('empty'),
      withLength(null),
    ]);
    const bytes = body('k', 'v');
    const on = newBuilder();
    on.add(0, 5, bytes, 0, bytes.length, 42, headers, 2, headers.length, 2);
    const [withOrdinal] = (await decodeWithKafkajs(await encodeWhole(on.take()))).records;
    expect(Object.keys(withOrdinal!.headers)).toEqual([ORDINAL_HEADER, 'trace', 'empty']);
    expect(withOrdinal!.headers['trace']!.toString()).toBe('abc');
    expect(withOrdinal!.headers['empty']).toBeNull();

    const off = newBuilder({ ordinals: false });
    off.add(0, 5, bytes, 0, bytes.length, 42, headers, 2, headers.length, 2);
    off.add(0, 5, bytes, 0, bytes.length, 43);
    const [first, second] = (await decodeWithKafkajs(await encodeWhole(off.take()))).records;
    expect(Object.keys(first!.headers)).toEqual(['trace', 'empty']);
    expect(second!.headers).toEqual({});
  });

  it('takes a part of a larger buffer as the body', async () => {
    const inner = body('key', 'value'.repeat(100));
    const outer = Buffer.concat([Buffer.from('before'), inner, Buffer.from('after')]);
    const builder = newBuilder();
    builder.add(0, 0, outer, 6, 6 + inner.length, 0);
    const [record] = (await decodeWithKafkajs(await encodeWhole(builder.take()))).records;
    expect(record!.key!.toString()).toBe('key');
    expect(record!.value!.toString()).toBe('value'.repeat(100));
  });

  it('copies bodies of every length from buffers that take turns, in one batch and the next', async () => {
    const lengths = [0, 1, 28, 29, 30, 31, 47, 48, 188, 189, 190, 300, 600];
    const values = lengths.map((length, index) => String.fromCharCode(97 + index).repeat(length));
    const sides = ['left', 'right'].map((side) => Buffer.concat(values.map((value) => body(side, value))));
    const builder = newBuilder({ capacity: 64 });
    for (let round = 0; round < 2; round += 1) {
      const at = [0, 0];
      for (const [index, value] of values.entries())
        for (const [side, bytes] of sides.entries()) {
          const start = at[side]!;
          at[side] = start + body(side === 0 ? 'left' : 'right', value).length;
          builder.add(0, index, bytes, start, at[side], index);
        }
      const { records } = await decodeWithKafkajs(await encodeWhole(builder.take()));
      expect(records.map(({ key, value }) => [key!.toString(), value!.toString()])).toEqual(
        values.flatMap((value) => ['left', 'right'].map((key) => [key, value])),
      );
    }
  });

  it('grows beyond its capacity, and tells its size on the wire exactly', async () => {
    const builder = newBuilder({ capacity: 64 });
    for (let index = 0; index < 1000; index++) add(builder, BigInt(index), body(`${index}`, 'x'.repeat(index)), index);
    const announced = builder.byteLength;
    expect(builder.byteLengthWith(100)).toBeGreaterThan(announced + 100);
    const bytes = await encodeWhole(builder.take());
    expect(bytes.length).toBe(announced);
    const { records } = await decodeWithKafkajs(bytes);
    expect(records.every(({ key, value }, index) => key!.toString() === `${index}` && value!.length === index)).toBe(
      true,
    );
  });

  it('never lets byteLengthWith fall below the size after the record', () => {
    const builder = newBuilder();
    for (const timestamp of [0n, MIN, MAX, 5n]) {
      const bytes = body('k'.repeat(70), 'v'.repeat(20_000));
      const bound = builder.byteLengthWith(bytes.length);
      add(builder, timestamp, bytes, Number.MAX_SAFE_INTEGER);
      expect(builder.byteLength).toBeLessThanOrEqual(bound);
    }
  });

  it('goes on with an empty batch after take, and leaves the taken bytes alone', async () => {
    const builder = newBuilder({ capacity: 4096 });
    add(builder, 5n, body('a', '1'), 0);
    const first = builder.take();
    expect([builder.count, builder.byteLength]).toEqual([0, BATCH_HEADER_BYTES]);
    expect(() => builder.take()).toThrow(/at least one record/);
    const before = Buffer.from(first.records);
    add(builder, 2n, body('b', '2'), 1);
    const second = builder.take();
    expect(Buffer.from(first.records)).toEqual(before);
    expect(second.firstTimestamp).toBe(2n);
    const { records } = await decodeWithKafkajs(await encodeWhole(second));
    expect(records.map(({ key, offset }) => [key!.toString(), offset])).toEqual([['b', '0']]);
  });

  it('writes the smallest record of the specification byte by byte', () => {
    const builder = newBuilder({ ordinals: false });
    add(builder, 0n, Buffer.concat([varint(-1), varint(-1)]), 0);
    // length 6 (zigzag 12): attributes, timestamp delta, offset delta, null key, null value, no headers
    expect(Buffer.from(builder.take().records).toString('hex')).toBe('0c000000010100');
  });
});
