import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import { decompressRecords } from '../../../connections/kafka/batch/compression.ts';
import type { Consumer, Kafka as KafkaClient, KafkaConfig, KafkaMessage } from 'kafkajs';
import { withAdmin } from '../../../scripts/stack/with-admin.ts';
import type { Compression } from '../../../connections/kafka/batch/compression.ts';

// A CommonJS module, whose names Node can't all see.
const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;

export interface TopicReaderOptions {
  brokers: string[];
  topic: string;
  /** Further settings of kafkajs: ssl, sasl, ... */
  kafka?: Omit<KafkaConfig, 'brokers'>;
  /** Milliseconds without anything new after which reading is given up. @default 30000 */
  idleMs?: number;
}

export interface TopicEnd {
  partition: number;
  /** Log start. */
  low: bigint;
  /** High watermark when reading began. */
  high: bigint;
}

const codec = (name: Compression) => () => ({
  compress: () => Promise.reject(new Error(`this reader of topics compresses nothing with ${name}`)),
  decompress: (bytes: Buffer) => decompressRecords(name, bytes),
});

/**
 * Reads a topic from its beginning to the end that it has when the reading begins, with a plain kafkajs consumer:
 * read_committed, a fresh group, nothing committed. Ends by position, not by count: control records and aborted
 * transactions leave gaps, and may be the last things in the log.
 */
export async function readTopicToItsEnd(
  options: TopicReaderOptions,
  take: (partition: number, message: KafkaMessage) => void,
): Promise<TopicEnd[]> {
  CompressionCodecs[CompressionTypes.Snappy] = codec('snappy');
  CompressionCodecs[CompressionTypes.LZ4] = codec('lz4');
  CompressionCodecs[CompressionTypes.ZSTD] = codec('zstd');
  const { brokers, topic, kafka: settings, idleMs = 30_000 } = options;
  const kafka = new Kafka({ clientId: 'rewind-verifier', logLevel: logLevel.NOTHING, ...settings, brokers });
  const ends = await topicEnds(kafka, topic);
  const open = new Map(ends.filter(({ low, high }) => low < high).map((end) => [end.partition, end]));
  if (open.size === 0) return ends;
  const consumer = kafka.consumer({
    groupId: `rewind-verifier-${randomUUID()}`,
    readUncommitted: false,
    sessionTimeout: 60_000,
    maxBytesPerPartition: 8 * 1024 * 1024,
    maxBytes: 32 * 1024 * 1024,
    maxWaitTimeInMs: 200,
  });
  try {
    const finished = untilEnd(consumer, open, topic, idleMs);
    // Whichever of the two fails first is told; the other one's failure is then no news.
    finished.catch(() => undefined);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: async (payload) => {
        const { batch } = payload;
        const high = open.get(batch.partition)?.high ?? 0n;
        for (const message of batch.messages) if (BigInt(message.offset) < high) take(batch.partition, message);
        await payload.heartbeat();
      },
    });
    await finished;
  } finally {
    await consumer.disconnect();
  }
  return ends;
}

async function topicEnds(kafka: KafkaClient, topic: string): Promise<TopicEnd[]> {
  const offsets = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  return offsets
    .map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) }))
    .sort((a, b) => a.partition - b.partition);
}

/** Resolves when the consumer's position has reached the end of every partition; takes those out of `open`. */
function untilEnd(consumer: Consumer, open: Map<number, TopicEnd>, topic: string, idleMs: number): Promise<void> {
  const positions = new Map<number, bigint>();
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout;
    const settle = (settled: () => void): void => {
      clearTimeout(timer);
      settled();
    };
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const stuck = [...open].map(
          ([partition, { high }]) =>
            `partition ${partition} at ${positions.get(partition) ?? 'its beginning'} of ${high}`,
        );
        reject(new Error(`${topic}: nothing new for ${idleMs} ms: ${stuck.join(', ')}. Is a transaction open?`));
      }, idleMs);
      timer.unref();
    };
    wait();
    const known = new Set<number>();
    consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload }) => {
      // kafkajs's admin tells the last stable offset; only a fetch tells the high watermark, beyond an open transaction.
      const end = open.get(payload.partition);
      const high = BigInt(payload.highWatermark);
      if (end !== undefined && !known.has(payload.partition) && high > end.high) end.high = high;
      known.add(payload.partition);
    });
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      wait();
      const position = BigInt(payload.lastOffset) + 1n;
      positions.set(payload.partition, position);
      if (position >= (open.get(payload.partition)?.high ?? 0n)) open.delete(payload.partition);
      if (open.size === 0) settle(resolve);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => settle(() => reject(payload.error)));
  });
}
