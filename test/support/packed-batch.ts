import { gzipSync } from 'node:zlib';
import { parseKafkaConfig, readWireSettings } from '../../connections/kafka/config.ts';
import { Cluster } from '../../connections/kafka/wire/cluster.ts';
import { produce } from '../../connections/kafka/wire/protocol/produce.ts';
import { appendCount } from '../../formats/avro/datum/append-long.ts';
import { ByteWriter } from '../../formats/byte-writer.ts';
import { logBatch } from './kafka/log-batch.ts';

const NOTHING = Buffer.alloc(0);

/**
 * Sends one batch of records without keys whose values are the letter z so many times, packed to a thousandth without
 * ever being unpacked here: a gzip stream of many members, most of them the same one.
 */
export async function sendPacked(brokers: string[], topic: string, count: number, valueBytes: number): Promise<void> {
  // The value, and no headers.
  const rest = gzipSync(Buffer.concat([Buffer.alloc(valueBytes, 'z'), Buffer.of(0)]));
  const members = Array.from({ length: count }, (_, n) => [gzipSync(headOf(n, valueBytes)), rest]).flat();
  // Of now: retention deletes what is as old as that.
  const now = BigInt(Date.now());
  const batch = { topic, partition: 0, count, firstTimestamp: now, maxTimestamp: now, records: NOTHING };
  const header = await logBatch(0n, batch, { compression: 'gzip', compressed: Buffer.concat(members) });
  const config = parseKafkaConfig({ brokers }, 'test');
  const cluster = new Cluster({ brokers, wire: await readWireSettings(config), waitTimeoutMs: 30_000 });
  try {
    const { topics } = await cluster.metadata([topic]);
    const broker = await cluster.broker(topics[0]!.partitions[0]!.leader);
    const request = { topic, partition: 0, header, records: NOTHING };
    const [answer] = await broker.call(produce, { transactionalId: '', timeoutMs: 60_000, batches: [request] });
    if (answer?.error !== 0) throw new Error(`the batch was refused: error ${answer?.error}`);
  } finally {
    await cluster.close();
  }
}

/** A record up to its value. */
function headOf(offsetDelta: number, valueBytes: number): Uint8Array {
  const body = new ByteWriter(32);
  body.append(Buffer.of(0, 0)); // attributes, timestamp
  appendCount(body, offsetDelta);
  body.append(Buffer.of(1)); // no key
  appendCount(body, valueBytes);
  const record = new ByteWriter(32);
  appendCount(record, body.length + valueBytes + 1);
  record.append(body.view());
  return Buffer.from(record.view());
}
