// Proves how batches of an answer are judged: committed, aborted or a marker, as Java's consumer does it, also where
// one producer aborts, commits and aborts again, where two are interleaved, and where the last batch is cut.
import { describe, expect, it } from 'vitest';
import { encodeBatchHeader } from '../../../../connections/kafka/batch/batch-header.ts';
import { batchesOf, judgedBatches, lastRecordOf } from '../../../../connections/kafka/read/batch-reader.ts';
import { compressRecords } from '../../../../connections/kafka/batch/compression.ts';
import type { Compression } from '../../../../connections/kafka/batch/compression.ts';
import { RecordBatchBuilder } from '../../../../connections/kafka/batch/record-batch.ts';
import { body } from '../encoded-body.ts';

const ABORT = Buffer.from([0, 0, 0, 0]);
const COMMIT = Buffer.from([0, 0, 0, 1]);

async function batch(
  baseOffset: bigint,
  producerId: bigint,
  options: { count?: number; marker?: Buffer; transactional?: boolean; compression?: Compression } = {},
): Promise<Buffer> {
  const { count = 3, marker, transactional = true, compression = 'none' } = options;
  const builder = new RecordBatchBuilder({ topic: 't', partition: 0, ordinals: marker === undefined });
  for (let index = 0; index < (marker === undefined ? count : 1); index++) {
    const bytes = body(marker ?? `key ${index}`, 'value');
    builder.add(0, 1000 + index, bytes, 0, bytes.length, Number(baseOffset) + index);
  }
  const built = builder.take();
  const records = await compressRecords(compression, built.records);
  const header = encodeBatchHeader(built, compression, records, { producerId, epoch: 0, sequence: 0 });
  header.writeBigInt64BE(baseOffset, 0);
  const flags = (marker === undefined ? 0 : 0x20) | (transactional ? 0x10 : 0);
  header.writeInt16BE((header.readInt16BE(21) & 7) | flags, 21);
  return Buffer.concat([header, records]);
}

function judge(records: Buffer[], aborted: { producerId: bigint; firstOffset: bigint }[]): [bigint, string][] {
  const answer = {
    error: 0,
    highWatermark: 99n,
    lastStableOffset: 99n,
    logStart: 0n,
    aborted,
    records: Buffer.concat(records),
  };
  return [...judgedBatches(answer)].map(({ batch: found, kind }) => [found.baseOffset, kind]);
}

describe('judgedBatches', () => {
  it('tells the transactions of one producer apart by their markers', async () => {
    const records = [
      await batch(0n, 1n),
      await batch(3n, 1n, { marker: ABORT }),
      await batch(4n, 1n),
      await batch(7n, 1n, { marker: COMMIT }),
      await batch(8n, 1n),
      await batch(11n, 1n, { marker: ABORT }),
      await batch(12n, 1n),
    ];
    const aborted = [
      { producerId: 1n, firstOffset: 8n },
      { producerId: 1n, firstOffset: 0n },
    ];
    expect(judge(records, aborted)).toEqual([
      [0n, 'aborted'],
      [3n, 'control'],
      [4n, 'data'],
      [7n, 'control'],
      [8n, 'aborted'],
      [11n, 'control'],
      [12n, 'data'],
    ]);
  });

  it('tells interleaved producers and records outside of transactions apart', async () => {
    const records = [
      await batch(0n, 1n),
      await batch(3n, 2n),
      await batch(6n, -1n, { transactional: false }),
      await batch(9n, 1n),
      await batch(12n, 1n, { marker: ABORT }),
      await batch(13n, 2n, { marker: COMMIT }),
    ];
    expect(judge(records, [{ producerId: 1n, firstOffset: 0n }]).map(([, kind]) => kind)).toEqual([
      'aborted',
      'data',
      'data',
      'aborted',
      'control',
      'control',
    ]);
  });

  it('knows a transaction that was aborted and began before the answer', async () => {
    const records = [await batch(50n, 1n), await batch(53n, 1n, { marker: ABORT }), await batch(54n, 1n)];
    expect(judge(records, [{ producerId: 1n, firstOffset: 10n }]).map(([, kind]) => kind)).toEqual([
      'aborted',
      'control',
      'data',
    ]);
  });
});

describe('batchesOf', () => {
  it('leaves a cut batch out, wherever it is cut', async () => {
    const whole = Buffer.concat([await batch(0n, 1n), await batch(3n, 1n)]);
    const first = (await batch(0n, 1n)).length;
    for (const length of [first, first + 1, first + 16, first + 61, whole.length - 1])
      expect([...batchesOf(whole.subarray(0, length))]).toHaveLength(1);
    expect([...batchesOf(whole)]).toHaveLength(2);
    expect([...batchesOf(whole.subarray(0, first - 1))]).toHaveLength(0);
  });

  it('refuses the record formats before 2 and names the offset', async () => {
    const old = await batch(17n, 1n);
    old.writeInt8(1, 16);
    expect(() => [...batchesOf(old)]).toThrow(/offset 17: expected record format 2, found 1/);
  });
});

describe('lastRecordOf', () => {
  it.each<Compression>(['none', 'gzip', 'snappy', 'lz4'])(
    'reads the last record of a batch with %s',
    async (compression) => {
      const [found] = [...batchesOf(await batch(40n, 1n, { count: 500, compression }))];
      const last = await lastRecordOf(found!);
      expect(last).toEqual({ offset: 539n, timestamp: 1499n, headers: { 'rewind-ordinal': Buffer.from('539') } });
    },
  );
});
