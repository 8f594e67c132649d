import { createHash } from 'node:crypto';
import { RecordBatchBuilder } from '../../../connections/kafka/batch/record-batch.ts';
import type { RecordBatch } from '../../../connections/kafka/publish/publish-port.ts';
import { appendCount } from '../../../formats/avro/datum/append-long.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import type { AuditEvent, TopicCounts } from '../../../layouts/archive-writing.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import type { AuditPost } from '../decision/decision.ts';

/** Header of each event, for people: the execution whose counts it tells. */
export const EXECUTION_HEADER = 'rewind-execution';

/** Below the least that a topic takes as a rule (`max.message.bytes` is 1 MiB by default). */
const BATCH_BYTES = 128 * 1024;

/** A message without a key: -1 as a zigzag varint. */
const NO_KEY = Buffer.of(1);

/** The events of an execution's counts, as batches for one partition. */
export function auditBatches(
  execution: string,
  counts: readonly TopicCounts[],
  { topic, tier, schemaId }: AuditPost,
  { partition, now }: { partition: number; now: number },
): { batches: RecordBatch[]; events: number } {
  const builder = new RecordBatchBuilder({ topic, partition, ordinals: false, capacity: 64 * 1024 });
  const header = new ByteWriter(64);
  for (const text of [EXECUTION_HEADER, execution]) {
    appendCount(header, text.length);
    header.append(Buffer.from(text));
  }
  const frame = schemaId === undefined ? undefined : frameOf(schemaId);
  const body = new ByteWriter(512);
  const batches: RecordBatch[] = [];
  let events = 0;
  for (const event of eventsOf(execution, counts, tier, now)) {
    const datum = writtenLayout().auditEvents.encode(event);
    body.length = 0;
    body.append(NO_KEY);
    appendCount(body, datum.length + (frame?.length ?? 0));
    if (frame !== undefined) body.append(frame);
    body.append(datum);
    if (builder.count > 0 && builder.byteLengthWith(body.length + header.length) > BATCH_BYTES)
      batches.push(builder.take());
    builder.add(
      Math.floor(now / 2 ** 32),
      now >>> 0,
      body.bytes,
      0,
      body.length,
      0,
      header.view(),
      0,
      header.length,
      1,
    );
    events += 1;
  }
  if (builder.count > 0) batches.push(builder.take());
  return { batches, events };
}

function* eventsOf(
  execution: string,
  topics: readonly TopicCounts[],
  tier: string,
  time: number,
): Generator<AuditEvent> {
  for (const { topic, granularity, counts } of topics)
    for (const { start, server, service, count } of counts) {
      const key = JSON.stringify([execution, topic, server, service, start]);
      const guid = createHash('sha256').update(key).digest().subarray(0, 16);
      yield { time, server, service, guid, tier, topic, count, begin: start, end: start + granularity };
    }
}

/** Byte 0 and the schema's id: Confluent's frame, and Camus's. */
function frameOf(id: number): Buffer {
  const frame = Buffer.alloc(5);
  frame.writeInt32BE(id, 1);
  return frame;
}
