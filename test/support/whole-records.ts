import { ByteWriter } from '../../formats/byte-writer.ts';
import { appendCount, appendLong } from '../../formats/avro/datum/append-long.ts';
import { ENVELOPE_SCHEMA } from '../../formats/record-envelope/envelope-schema.ts';
import { header, long, MARKER } from '../formats/avro/container-bytes.ts';

export interface WholeRecord {
  key?: Buffer | null;
  value?: Buffer | null;
  topic?: string;
  partition?: number;
  offset: bigint | number;
  /** Milliseconds. */
  timestamp?: number;
  /** Null only as Spark has it: where rows come from elsewhere. */
  timestampType?: number | null;
  headers?: [key: string, value: Buffer | null][];
}

/** The columns of Spark's Kafka source as its Avro writer has them: in an order of its own, null behind, microseconds. */
export const SPARK_SCHEMA = JSON.stringify({
  type: 'record',
  name: 'topLevelRecord',
  fields: [
    { name: 'timestamp', type: [{ type: 'long', logicalType: 'timestamp-micros' }, 'null'] },
    { name: 'offset', type: ['long', 'null'] },
    { name: 'key', type: ['bytes', 'null'] },
    { name: 'value', type: ['bytes', 'null'] },
    { name: 'topic', type: ['string', 'null'] },
    { name: 'partition', type: ['int', 'null'] },
    { name: 'timestampType', type: ['int', 'null'] },
    {
      name: 'headers',
      type: [
        {
          type: 'array',
          items: [
            {
              type: 'record',
              name: 'headers',
              namespace: 'topLevelRecord',
              fields: [
                { name: 'key', type: ['string', 'null'] },
                { name: 'value', type: ['bytes', 'null'] },
              ],
            },
            'null',
          ],
        },
        'null',
      ],
    },
    { name: 'day', type: ['string', 'null'] },
  ],
});

/** The bytes of a file of whole records as Rewind's archives have them, in blocks of so many. */
export function wholeRecordFile(records: readonly WholeRecord[], perBlock = 100): Buffer {
  return container(ENVELOPE_SCHEMA, records.map(envelope), perBlock);
}

/** The same as Spark writes it. */
export function sparkFile(records: readonly WholeRecord[], perBlock = 100): Buffer {
  return container(SPARK_SCHEMA, records.map(sparkRow), perBlock);
}

function container(schema: string, data: Buffer[], perBlock: number): Buffer {
  const parts = [header({ 'avro.schema': schema })];
  for (let from = 0; from < data.length; from += perBlock) {
    const block = Buffer.concat(data.slice(from, from + perBlock));
    parts.push(long(Math.min(perBlock, data.length - from)), long(block.length), block, MARKER);
  }
  return Buffer.concat(parts);
}

/** A record as Avro data of the envelope. */
export function envelope(record: WholeRecord): Buffer {
  const { key = null, value = null, topic = 'events', partition = 0, offset, timestamp = 0, headers = [] } = record;
  const out = new ByteWriter(256);
  for (const part of [key, value]) nullable(out, part, 0);
  bytes(out, Buffer.from(topic));
  appendLong(out, BigInt(partition));
  appendLong(out, BigInt(offset));
  appendLong(out, BigInt(timestamp));
  appendCount(out, record.timestampType ?? 0);
  if (headers.length > 0) appendCount(out, headers.length);
  for (const [name, header] of headers) {
    bytes(out, Buffer.from(name));
    nullable(out, header, 0);
  }
  appendCount(out, 0);
  appendCount(out, 0); // no ids of schemas
  appendCount(out, 0);
  return Buffer.from(out.view());
}

function sparkRow(record: WholeRecord): Buffer {
  const { key = null, value = null, topic = 'events', partition = 0, offset, timestamp = 0 } = record;
  const out = new ByteWriter(256);
  const present = (append: () => void): void => {
    appendCount(out, 0);
    append();
  };
  present(() => appendLong(out, BigInt(timestamp) * 1000n));
  present(() => appendLong(out, BigInt(offset)));
  nullable(out, key, 1);
  nullable(out, value, 1);
  present(() => bytes(out, Buffer.from(topic)));
  present(() => appendLong(out, BigInt(partition)));
  if (record.timestampType === null) appendCount(out, 1);
  else present(() => appendCount(out, record.timestampType ?? 0));
  if (record.headers === undefined) appendCount(out, 1);
  else
    present(() => {
      if (record.headers!.length > 0) appendCount(out, record.headers!.length);
      for (const [name, header] of record.headers!)
        present(() => {
          present(() => bytes(out, Buffer.from(name)));
          nullable(out, header, 1);
        });
      appendCount(out, 0);
    });
  present(() => bytes(out, Buffer.from('2026-11-28')));
  return Buffer.from(out.view());
}

/** `nullIs`: the place of null in the union of two. */
function nullable(out: ByteWriter, value: Buffer | null, nullIs: 0 | 1): void {
  appendCount(out, value === null ? nullIs : 1 - nullIs);
  if (value !== null) bytes(out, value);
}

function bytes(out: ByteWriter, value: Buffer): void {
  appendCount(out, value.length);
  out.append(value);
}
