import avsc from 'avsc';
import { RecordBatchBuilder } from '../../connections/kafka/batch/record-batch.ts';
import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import type { RecordBatch } from '../../connections/kafka/publish/publish-port.ts';
import { encodeHeader } from '../../activities/replay/record/record-headers.ts';

/** A page view, about 280 bytes as Avro binary. */
export const EVENT_SCHEMA = {
  type: 'record',
  name: 'PageEvent',
  namespace: 'rewind.bench',
  fields: [
    {
      name: 'header',
      type: {
        type: 'record',
        name: 'Header',
        fields: [
          { name: 'time', type: 'long' },
          { name: 'server', type: 'string' },
          { name: 'service', type: 'string' },
          { name: 'guid', type: { type: 'fixed', name: 'Guid', size: 16 } },
        ],
      },
    },
    { name: 'userId', type: 'long' },
    { name: 'sessionId', type: 'string' },
    { name: 'page', type: 'string' },
    { name: 'userAgent', type: 'string' },
    { name: 'country', type: 'string' },
    { name: 'status', type: 'int' },
    { name: 'durationMs', type: 'int' },
    { name: 'price', type: 'double' },
    { name: 'score', type: 'double' },
    { name: 'tags', type: { type: 'map', values: 'string' } },
    { name: 'referrer', type: ['null', 'string'], default: null },
  ],
};

const FIRST_TIME = Date.UTC(2026, 10, 24);
const DAY_MS = 86_400_000;
export const PARTITIONS = 4;
const BATCH_BYTES = 64 * 1024;
const PER_TRANSACTION = 40_000;
const NONE = Buffer.alloc(0);

/**
 * Fills a new topic of four partitions with framed Avro records whose times rise over 24 hours: one in 50 is up to ten
 * minutes late, one in 1,000 up to three hours. Batches of 64 KiB, lz4.
 *
 * @param id of the schema in the registry
 * @param withHeaders every second record has a header
 */
export async function fillTopic(
  kafka: KafkaConnection,
  topic: string,
  records: number,
  id: number,
  { withHeaders = false } = {},
): Promise<void> {
  await kafka.createTopic(topic, { partitions: PARTITIONS, replicationFactor: 1, settings: { 'retention.ms': '-1' } });
  const builders = Array.from(
    { length: PARTITIONS },
    (_, partition) => new RecordBatchBuilder({ topic, partition, ordinals: false, capacity: BATCH_BYTES + 4096 }),
  );
  const type = avsc.Type.forSchema(EVENT_SCHEMA as avsc.Schema);
  const publisher = await kafka.openPublisher({ transactionalId: topic, compression: 'lz4' });
  try {
    let batches: RecordBatch[] = [];
    const body = Buffer.alloc(4096);
    for (let record = 0; record < records; record += 1) {
      const time = timeOf(record, records);
      const length = encodeBody(type, body, record, time, id);
      const builder = builders[record % PARTITIONS]!;
      if (builder.count > 0 && builder.byteLengthWith(length) > BATCH_BYTES) batches.push(builder.take());
      const trace =
        withHeaders && record % 2 === 0 ? encodeHeader('trace', hexOf(record, 9) + hexOf(record, 10)) : NONE;
      const more = trace.length === 0 ? 0 : 1;
      builder.add(Math.floor(time / 2 ** 32), time >>> 0, body, 0, length, record, trace, 0, trace.length, more);
      if ((record + 1) % PER_TRANSACTION > 0 && record + 1 < records) continue;
      for (const each of builders) if (each.count > 0) batches.push(each.take());
      await publisher.commit({ batches, offsets: [] });
      batches = [];
    }
  } finally {
    await publisher.close();
  }
}

function timeOf(record: number, records: number): number {
  const time = FIRST_TIME + Math.floor((record / records) * DAY_MS);
  const late = record % 1000 === 999 ? 3 * 3_600_000 : record % 50 === 49 ? 600_000 : 0;
  return Math.max(FIRST_TIME, time - Math.floor(late * drawn(record)));
}

/** A number from 0 to 1 that is the same for the same record. */
function drawn(record: number): number {
  return (Math.imul(record + 1, 0x9e3779b1) >>> 0) / 2 ** 32;
}

function hexOf(record: number, salt: number): string {
  return (Math.imul(record + salt, 0x85ebca6b) >>> 0).toString(16).padStart(8, '0');
}

/** Key and value of a record as Kafka writes them, each behind its length; where they end. */
function encodeBody(type: avsc.Type, into: Buffer, record: number, time: number, id: number): number {
  const hex = (salt: number): string => hexOf(record, salt);
  const value = type.toBuffer({
    header: {
      time,
      server: `web-${record % 40}.example.org`,
      service: 'page-views',
      guid: Buffer.from(`${hex(1)}${hex(2)}${hex(3)}${hex(4)}`, 'hex'),
    },
    userId: record % 100_003,
    sessionId: `${hex(5)}-${hex(6)}`,
    page: `/products/${record % 977}/details?ref=${hex(7)}`,
    userAgent: `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/${100 + (record % 30)}.0.0.0`,
    country: ['DE', 'FR', 'US', 'JP', 'BR'][record % 5],
    status: record % 97 === 0 ? 404 : 200,
    durationMs: record % 3000,
    price: (record % 10_000) / 100,
    score: drawn(record),
    tags: { campaign: `c${record % 12}`, device: record % 3 === 0 ? 'phone' : 'desktop' },
    referrer: record % 4 === 0 ? null : `https://search.example/q=${hex(8)}`,
  });
  const key = record % 20 === 0 ? undefined : Buffer.from(`u${record % 100_003}`);
  let at = writeLength(into, 0, key?.length ?? -1);
  if (key !== undefined) at += key.copy(into, at);
  at = writeLength(into, at, value.length + 5);
  into[at] = 0;
  into.writeInt32BE(id, at + 1);
  return at + 5 + value.copy(into, at + 5);
}

/** A length as a varint of zigzag; where it ends. */
function writeLength(into: Buffer, at: number, length: number): number {
  let rest = length < 0 ? 1 : length * 2;
  while (rest > 127) {
    into[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  into[at++] = rest;
  return at;
}
