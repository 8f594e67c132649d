import { int64FromBigInt } from '../../../formats/int64.ts';
import { RecordBatchBuilder } from '../../../connections/kafka/batch/record-batch.ts';
import type { GroupOffsets, RecordBatch } from '../../../connections/kafka/publish/publish-port.ts';
import { body } from '../../connections/kafka/encoded-body.ts';

/** Key of the record that a test writes last. */
export const SENTINEL = 'sentinel';

export const FIRST_TIMESTAMP = 1_700_000_000_000n;

/** Records `from` to `to` of a sequence: key and value are the ordinal, with this many bytes of filling. */
export function numbered(topic: string, partition: number, from: number, to: number, filling = 0): RecordBatch {
  const builder = new RecordBatchBuilder({ topic, partition });
  for (let ordinal = from; ordinal < to; ordinal++) {
    const bytes = body(`key ${ordinal}`, `value ${ordinal} ${'.'.repeat(filling)}`);
    const { hi, lo } = int64FromBigInt(FIRST_TIMESTAMP + BigInt(ordinal));
    builder.add(hi, lo, bytes, 0, bytes.length, ordinal);
  }
  return builder.take();
}

/** A record that ends a partition for `consume`. */
export function sentinel(topic: string, partition = 0): RecordBatch {
  const builder = new RecordBatchBuilder({ topic, partition, ordinals: false });
  const bytes = body(SENTINEL, null);
  builder.add(0, 0, bytes, 0, bytes.length, 0);
  return builder.take();
}

/** The offset that says how many records of the sequence are out. */
export function position(group: string, topic: string, count: number, metadata = 'job'): GroupOffsets {
  return { group, topic, offsets: [{ partition: 0, offset: BigInt(count), metadata }] };
}
