import { encodeBatchHeader } from '../batch/batch-header.ts';
import type { ProducerStamp } from '../batch/batch-header.ts';
import type { Broker } from '../wire/broker.ts';
import { compressRecords } from '../batch/compression.ts';
import type { Compression } from '../batch/compression.ts';
import { leaderError } from '../wire/errors.ts';
import { produce } from '../wire/protocol/produce.ts';
import type { RecordBatch } from './publish-port.ts';

/** A batch on its way to the leader of its partition. */
export interface StampedBatch {
  /** Place in the transaction. */
  index: number;
  batch: RecordBatch;
  stamp: ProducerStamp;
}

export interface ProduceSettings {
  transactionalId: string;
  compression: Compression;
  timeoutMs: number;
}

// A broker keeps the sequence numbers of the last five batches of a producer: more requests under way could not be
// told from duplicates (`max.in.flight.requests.per.connection` of Java's idempotent producer).
const REQUESTS_IN_FLIGHT = 5;
const REQUEST_BYTES = 1024 * 1024;

/**
 * Sends batches to one leader in order, a few requests at a time; a request holds one batch of a partition at most.
 * Stops at the first failure, and when `failed` says that another leader had one.
 */
export async function produceInOrder(
  leader: Broker,
  batches: readonly StampedBatch[],
  settings: ProduceSettings,
  baseOffsets: bigint[],
  failed: () => boolean,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let failure: Error | undefined;
  for (const group of requestsOf(batches)) {
    // Compressing is awaited before the send, so that requests leave in order.
    const records = await Promise.all(group.map(({ batch }) => compressRecords(settings.compression, batch.records)));
    while (underWay.size >= REQUESTS_IN_FLIGHT && failure === undefined) await Promise.race(underWay);
    if (failure !== undefined || failed()) break;
    const request = send(leader, group, records, settings, baseOffsets)
      .catch((error: unknown) => {
        failure ??= error as Error;
      })
      .finally(() => underWay.delete(request));
    underWay.add(request);
  }
  await Promise.all(underWay);
  if (failure !== undefined) throw failure;
}

async function send(
  leader: Broker,
  group: readonly StampedBatch[],
  records: readonly Uint8Array[],
  { transactionalId, compression, timeoutMs }: ProduceSettings,
  baseOffsets: bigint[],
): Promise<void> {
  const batches = group.map(({ batch, stamp }, index) => ({
    topic: batch.topic,
    partition: batch.partition,
    header: encodeBatchHeader(batch, compression, records[index]!, stamp),
    records: records[index]!,
  }));
  const answers = await leader.call(produce, { transactionalId, timeoutMs, batches });
  for (const [index, { batch }] of group.entries()) {
    const { topic, partition, count } = batch;
    const answer = answers.find((found) => found.topic === topic && found.partition === partition);
    const error = answer?.error ?? -1;
    if (error !== 0)
      throw leaderError(error, `write of a batch to topic ${topic}, partition ${partition}`, {
        topic,
        partition,
        records: count,
        bytes: batches[index]!.header.length + records[index]!.length,
      });
    baseOffsets[group[index]!.index] = answer!.baseOffset;
  }
}

/** Cuts batches, in order, into requests. */
function* requestsOf(batches: readonly StampedBatch[]): Generator<StampedBatch[]> {
  let group: StampedBatch[] = [];
  let bytes = 0;
  const partitions = new Set<string>();
  for (const stamped of batches) {
    const { topic, partition, records } = stamped.batch;
    const name = `${topic}/${partition}`;
    if (group.length > 0 && (partitions.has(name) || bytes + records.length > REQUEST_BYTES)) {
      yield group;
      group = [];
      bytes = 0;
      partitions.clear();
    }
    group.push(stamped);
    bytes += records.length;
    partitions.add(name);
  }
  if (group.length > 0) yield group;
}
