// Proves how batches of an answer are judged: committed, aborted or a marker, as Java's consumer does it, also where
// one producer aborts, commits and aborts again, where two are interleaved, and where the last batch is cut.
import { describe, expect, it } from 'vitest';
import { batchHeads, offsetBehind } from '../../../../connections/kafka/read/batch-head.ts';
import { judgeBatches } from '../../../../connections/kafka/read/judge-batches.ts';
import { RecordBatchBuilder } from '../../../../connections/kafka/batch/record-batch.ts';
import { logBatch, sealed } from '../../../support/kafka/log-batch.ts';
import { body } from '../encoded-body.ts';

const ABORT = Buffer.from([0, 0, 0, 0]);
const COMMIT = Buffer.from([0, 0, 0, 1]);

async function batch(
  baseOffset: bigint,
  producerId: bigint,
  options: { marker?: Buffer; transactional?: boolean } = {},
): Promise<Buffer> {
  const { marker, transactional = true } = options;
  const builder = new RecordBatchBuilder({ topic: 't', partition: 0, ordinals: marker === undefined });
  for (let index = 0; index < (marker === undefined ? 3 : 1); index++) {
    const bytes = body(marker ?? `key ${index}`, 'value');
    builder.add(0, 1000 + index, bytes, 0, bytes.length, Number(baseOffset) + index);
  }
  return logBatch(baseOffset, builder.take(), { producerId, transactional, control: marker !== undefined });
}

function judge(records: Buffer[], aborted: { producerId: bigint; firstOffset: bigint }[]): [bigint, string][] {
  const judged = judgeBatches({ aborted, records: Buffer.concat(records) });
  return [...judged].map(({ head, kind, marker }) => [head.baseOffset, marker ?? kind]);
}

describe('judgeBatches', () => {
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
      [3n, 'abort'],
      [4n, 'data'],
      [7n, 'commit'],
      [8n, 'aborted'],
      [11n, 'abort'],
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
      'abort',
      'commit',
    ]);
  });

  it('knows a transaction that was aborted and began before the answer', async () => {
    const records = [await batch(50n, 1n), await batch(53n, 1n, { marker: ABORT }), await batch(54n, 1n)];
    expect(judge(records, [{ producerId: 1n, firstOffset: 10n }]).map(([, kind]) => kind)).toEqual([
      'aborted',
      'abort',
      'data',
    ]);
  });
});

describe('batchHeads', () => {
  it('leaves a cut batch out, wherever it is cut', async () => {
    const whole = Buffer.concat([await batch(0n, 1n), await batch(3n, 1n)]);
    const first = (await batch(0n, 1n)).length;
    for (const length of [first, first + 1, first + 16, first + 61, whole.length - 1]) {
      expect([...batchHeads(whole.subarray(0, length))]).toHaveLength(1);
      expect(offsetBehind(whole.subarray(0, length))).toBe(3n);
    }
    expect([...batchHeads(whole)]).toHaveLength(2);
    expect(offsetBehind(whole)).toBe(6n);
    expect([...batchHeads(whole.subarray(0, first - 1))]).toHaveLength(0);
    expect(offsetBehind(whole.subarray(0, first - 1))).toBeUndefined();
  });

  it('refuses the record formats before 2 and names the offset', async () => {
    const old = await batch(17n, 1n);
    old.writeInt8(1, 16);
    expect(() => [...batchHeads(old)]).toThrow(/offset 17: expected record format 2, found 1/);
  });

  it('refuses a batch of which any bit behind the checksum is another one, and names the offset', async () => {
    const right = await batch(17n, 1n);
    for (let at = 21; at < right.length; at++) {
      const wrong = Buffer.from(right);
      wrong[at]! ^= 1 << (at % 8);
      expect(() => [...batchHeads(wrong)], `byte ${at}`).toThrow(/offset 17: expected checksum/);
    }
    expect([...batchHeads(sealed(right))]).toHaveLength(1);
  });
});
