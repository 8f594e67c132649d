import { RecordBatchBuilder } from '../../connections/kafka/batch/record-batch.ts';
import type { RecordBatch } from '../../connections/kafka/publish/publish-port.ts';
import { int64FromBigInt } from '../../formats/int64.ts';
import { body, withLength } from '../connections/kafka/encoded-body.ts';

export interface OddRecord {
  key: Buffer | null;
  value: Buffer | null;
  timestamp: bigint;
  /** Names as bytes: other clients than Java's may fill them with what is no text. */
  headers: [name: Buffer, value: Buffer | null][];
}

/** Records that show what an archive loses: nulls and empties, repeats, large and binary parts, times before 1970. */
export function oddRecords(time: number): OddRecord[] {
  const at = (key: string | null, value: Buffer | string | null, headers: [string, Buffer | string | null][] = []) => ({
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: headers.map(([name, each]): [Buffer, Buffer | null] => [
      Buffer.from(name),
      each === null ? null : Buffer.from(each),
    ]),
  });
  const binary = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const parts = [
    at('key', 'value'),
    at(null, 'no key'),
    at('deleted', null),
    at(null, null),
    at('', ''),
    at('headers', 'v', [
      ['b', '1'],
      ['a', null],
      ['b', ''],
      ['b', binary],
      ['', 'no name'],
    ]),
    at('binary', binary, [['é☃', binary]]),
    at('large', Buffer.alloc(20_000, 'large ')),
    at(
      'many',
      'v',
      Array.from({ length: 200 }, (_, n) => [`h${n}`, `${n}`]),
    ),
    at('framed by chance', Buffer.from([0, 0, 1, 2, 3, 4])),
  ];
  return parts.map((each, n) => ({ ...each, timestamp: BigInt(time + n * 1000) }));
}

/** The records as one batch of a partition. */
export function batchOf(topic: string, partition: number, records: readonly OddRecord[]): RecordBatch {
  const builder = new RecordBatchBuilder({ topic, partition, ordinals: false });
  for (const { key, value, timestamp, headers } of records) {
    const bytes = body(key, value);
    const { hi, lo } = int64FromBigInt(timestamp);
    const encoded = Buffer.concat(headers.flatMap(([name, each]) => [withLength(name), withLength(each)]));
    builder.add(hi, lo, bytes, 0, bytes.length, 0, encoded, 0, encoded.length, headers.length);
  }
  return builder.take();
}
