import kafkajs from 'kafkajs';
import { createTopics } from '../stack/create-topics.ts';
import { quietKafkajs } from '../stack/quiet-kafkajs.ts';
import { withAdmin } from '../stack/with-admin.ts';

// A CommonJS module, whose names Node can't all see.
const { Kafka, logLevel } = kafkajs;

quietKafkajs();

const BATCH = 1_000;
const PARTITIONS = 4;
export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** One record of the demo's topic, as JSON. */
export interface DemoRecord {
  /** 0, 1, 2, ...: each is there once. */
  id: number;
  /** Milliseconds since 1970. */
  timestamp: number;
  page: string;
}

/** The live topic of the demo: filled, archived, lost, and filled further. */
export class SourceTopic {
  readonly name: string;
  readonly #kafka: kafkajs.Kafka;
  /** Time of the record that comes next, but for the jitter. */
  #time = Date.now() - 2 * DAY_MS;
  /** Records that were sent, and offsets behind the last of each partition. */
  #sent = 0;
  readonly #ends: number[] = Array.from({ length: PARTITIONS }, () => 0);

  constructor(brokers: string[], name: string) {
    this.name = name;
    this.#kafka = new Kafka({ clientId: 'rewind-demo', brokers, logLevel: logLevel.NOTHING });
  }

  get partitions(): number {
    return PARTITIONS;
  }

  /** Next offset of each partition: where a group is to go on that has seen all that was sent. */
  get ends(): readonly number[] {
    return this.#ends;
  }

  /** Records that were sent so far. */
  get sent(): number {
    return this.#sent;
  }

  async create(): Promise<void> {
    await withAdmin(this.#kafka, (admin) => createTopics(admin, [{ topic: this.name, numPartitions: PARTITIONS }]));
  }

  /** Sends so many records more, their times spread over so many milliseconds, out of order by a few minutes. */
  async send(count: number, span: number): Promise<void> {
    const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const first = this.#sent;
    while (this.#sent < first + count) {
      const size = Math.min(BATCH, first + count - this.#sent);
      const messages = Array.from({ length: size }, (_, n) => {
        const id = this.#sent + n;
        const jitter = ((id * 7919) % 600) * 1_000;
        const timestamp = Math.floor(this.#time + ((id - first) * span) / count + jitter);
        const record: DemoRecord = { id, timestamp, page: `/page/${id % 97}` };
        return { partition: id % PARTITIONS, key: `user-${id % 1009}`, value: JSON.stringify(record) };
      });
      await producer.send({ topic: this.name, messages });
      for (const { partition } of messages) this.#ends[partition]! += 1;
      this.#sent += size;
    }
    this.#time += span;
    await producer.disconnect();
  }

  /** What retention does: everything before these offsets is gone from the topic. */
  async lose(before: readonly number[]): Promise<void> {
    const partitions = before.map((offset, partition) => ({ partition, offset: String(offset) }));
    await withAdmin(this.#kafka, async (admin) => {
      await admin.fetchTopicOffsets(this.name); // kafkajs deletes only from topics whose leaders it has seen
      await admin.deleteTopicRecords({ topic: this.name, partitions });
    });
  }

  /** Offsets that the topic begins at. */
  async starts(): Promise<string[]> {
    const offsets = await withAdmin(this.#kafka, (admin) => admin.fetchTopicOffsets(this.name));
    return offsets.toSorted((a, b) => a.partition - b.partition).map(({ low }) => low);
  }

  /** The group's offsets for the topic, as Kafka's own tools read them. */
  async committedOffsets(group: string): Promise<Map<number, string>> {
    const [topic] = await withAdmin(this.#kafka, (admin) =>
      admin.fetchOffsets({ groupId: group, topics: [this.name] }),
    );
    return new Map(topic?.partitions.map(({ partition, offset }) => [partition, offset]));
  }

  /** Goes on as the consumer group would: the ids of what the live topic holds behind the committed offsets. */
  async consumeFromCommitted(group: string, expected: number): Promise<number[]> {
    const consumer = this.#kafka.consumer({ groupId: group });
    await consumer.connect();
    await consumer.subscribe({ topic: this.name });
    const seen: number[] = [];
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, 15_000);
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ message }) => {
            seen.push((JSON.parse(String(message.value)) as DemoRecord).id);
            if (seen.length < expected) return;
            clearTimeout(timer);
            resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
    return seen;
  }
}
