// Whole records become Avro data that another library reads the very same record from: nulls told from empty, headers
// with order, repeats and nulls, numbers of 64 bits whole, whatever the sizes.
import { expect, it } from 'vitest';
import { FetchedBatch } from '../../../connections/kafka/read/fetched-batch.ts';
import { judgeBatches } from '../../../connections/kafka/read/judge-batches.ts';
import { RecordBatchBuilder } from '../../../connections/kafka/batch/record-batch.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { int64FromBigInt } from '../../../formats/int64.ts';
import { EnvelopeWriter, type LaidOutRecord } from '../../../formats/record-envelope/envelope-writer.ts';
import { body, withLength } from '../../connections/kafka/encoded-body.ts';
import { logBatch, type LogBatchOptions } from '../../support/kafka/log-batch.ts';
import { readEnvelope, type ReadEnvelope } from './read-envelopes.ts';

interface Given {
  key?: string | null;
  value?: string | Buffer | null;
  timestamp?: bigint;
  headers?: [string, string | null][];
}

async function written(
  given: readonly Given[],
  { base = 0n, ids = [-1, -1], ...options }: LogBatchOptions & { base?: bigint; ids?: [number, number] } = {},
  change: (record: LaidOutRecord) => LaidOutRecord = (record) => record,
): Promise<ReadEnvelope[]> {
  const builder = new RecordBatchBuilder({ topic: 'a.topic-é', partition: 0, ordinals: false });
  for (const { key = null, value = null, timestamp = 7n, headers = [] } of given) {
    const bytes = body(key, value);
    const { hi, lo } = int64FromBigInt(timestamp);
    const encoded = Buffer.concat(headers.flatMap(([name, text]) => [withLength(name), withLength(text)]));
    builder.add(hi, lo, bytes, 0, bytes.length, 0, encoded, 0, encoded.length, headers.length);
  }
  const [judged] = [...judgeBatches({ aborted: [], records: await logBatch(base, builder.take(), options) })];
  const batch = new FetchedBatch(judged!, { from: 0n, to: 2n ** 63n - 1n });
  const writer = new EnvelopeWriter('a.topic-é', 70_000);
  const out = new ByteWriter(16);
  const read: ReadEnvelope[] = [];
  for await (const run of batch.records())
    while (run.next()) {
      const start = out.length;
      writer.append(change(run), ids[0], ids[1], out);
      read.push(readEnvelope(Buffer.from(out.view().subarray(start))));
    }
  return read;
}

const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text));

it('keeps every part of a record, null told from empty', async () => {
  const [whole, nulls, empty] = await written([
    { key: 'k', value: 'v', timestamp: 1_700_000_000_123n },
    { key: null, value: null },
    { key: '', value: '' },
  ]);
  expect(whole).toEqual({
    key: bytes('k'),
    value: bytes('v'),
    topic: 'a.topic-é',
    partition: 70_000,
    offset: 0n,
    timestamp: 1_700_000_000_123n,
    timestampType: 0,
    headers: [],
    keySchemaId: null,
    valueSchemaId: null,
  });
  expect(nulls).toMatchObject({ key: null, value: null, offset: 1n });
  expect(empty).toMatchObject({ key: bytes(''), value: bytes(''), offset: 2n });
});

it('keeps headers in their order, with repeats, nulls and empty names', async () => {
  const headers: [string, string | null][] = [
    ['b', '1'],
    ['a', null],
    ['b', ''],
    ['', 'no name'],
    ['b', 'x'.repeat(200)],
  ];
  const many = Array.from({ length: 300 }, (_, i): [string, string | null] => [`h${i}`, i % 3 === 0 ? null : `${i}`]);
  const [few, more] = await written([{ headers, value: 'v' }, { headers: many }]);
  expect(few!.headers).toEqual(headers.map(([key, value]) => ({ key, value: bytes(value) })));
  expect(more!.headers).toEqual(many.map(([key, value]) => ({ key, value: bytes(value) })));
});

it.each([23, 24, 25, 63, 64, 8191, 8192, 1_100_000])('keeps values of %d bytes', async (size) => {
  const value = Buffer.alloc(size, 'v');
  value.write('first');
  const read = await written([{ value, key: 'k'.repeat(size % 100) }, { value: 'next' }]);
  expect(read.map((one) => one.value!.length)).toEqual([size, 4]);
  expect(read[0]!.value!.equals(value)).toBe(true);
});

it.each([0n, 2n ** 31n, 2n ** 51n, 2n ** 52n - 1n, 2n ** 53n + 1n, 2n ** 63n - 10n])(
  'keeps offsets from %d on',
  async (base) => {
    const read = await written([{ value: 'a' }, { value: 'b' }], { base });
    expect(read.map(({ offset }) => offset)).toEqual([base, base + 1n]);
  },
);

it.each([
  -1n,
  0n,
  -(2n ** 40n),
  2n ** 52n,
  -(2n ** 52n),
  2n ** 52n + 3n,
  -(2n ** 52n) - 3n,
  2n ** 53n + 5n,
  2n ** 63n - 1n,
  -(2n ** 63n),
])('keeps a timestamp of %d', async (timestamp) => {
  expect((await written([{ timestamp }]))[0]!.timestamp).toBe(timestamp);
});

it("tells the broker's timestamps from the producer's", async () => {
  const read = await written([{ timestamp: 5n }, { timestamp: 9n }], { appendTime: true });
  expect(read.map(({ timestamp, timestampType }) => [timestamp, timestampType])).toEqual([
    [9n, 1],
    [9n, 1],
  ]);
});

it('has the ids of schemas', async () => {
  const ids = async (key: number, value: number): Promise<unknown[]> => {
    const [read] = await written([{ key: 'k' }], { ids: [key, value] });
    return [read!.keySchemaId, read!.valueSchemaId];
  };
  expect(await ids(0, -1)).toEqual([0, null]);
  expect(await ids(-1, 2 ** 31 - 1)).toEqual([null, 2 ** 31 - 1]);
});

it.each(['before', 'behind'])('refuses headers that end %s their record, and leaves nothing', async (where) => {
  const out = new ByteWriter(16);
  const moved = (record: LaidOutRecord): LaidOutRecord => {
    const damaged = {
      bytes: record.bytes,
      offset: record.offset,
      offsetNumber: record.offsetNumber,
      timestamp: record.timestamp,
      timestampNumber: record.timestampNumber,
      appendTime: false,
      keyStart: -1,
      keyEnd: -1,
      valueStart: -1,
      valueEnd: -1,
      headerCount: 2,
      headersStart: record.headersStart,
      recordStart: record.recordStart,
      recordEnd: record.recordEnd + (where === 'before' ? 1 : -1),
    };
    expect(() => new EnvelopeWriter('t', 0).append(damaged, -1, -1, out)).toThrow(FormatError);
    expect(out.length).toBe(0);
    return record;
  };
  await written(
    [
      {
        headers: [
          ['a', '1'],
          ['b', '2'],
        ],
      },
      { value: 'next' },
    ],
    {},
    moved,
  );
});
