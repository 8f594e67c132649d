import kafkajs from 'kafkajs';
import { quietKafkajs } from '../stack/quiet-kafkajs.ts';
import type { CamusArchive } from '../../test/support/camus-archive/index.ts';

// A CommonJS module, whose names Node can't all see.
const { Kafka, logLevel } = kafkajs;

quietKafkajs();

const BATCH = 1_000;

/** The live topic of the demo: filled as Camus saw it, lost up to where Camus stopped, and going on since. */
export class SourceTopic {
  readonly #kafka: kafkajs.Kafka;
  readonly #archive: CamusArchive;

  constructor(brokers: string[], archive: CamusArchive) {
    this.#kafka = new Kafka({ clientId: 'rewind-demo', brokers, logLevel: logLevel.NOTHING });
    this.#archive = archive;
  }

  /** Creates the topic with as many records as Camus archived, then `live` more that it did not see. */
  async fill(live: number): Promise<void> {
    const { topic } = this.#archive;
    const offsets = this.#archive.offsets();
    const admin = this.#kafka.admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: offsets.length }] });
    await admin.disconnect();
    const producer = this.#kafka.producer();
    await producer.connect();
    for (const { partition, offset } of offsets)
      for (let sent = 0; sent < Number(offset); sent += BATCH) {
        const count = Math.min(BATCH, Number(offset) - sent);
        await producer.send({
          topic,
          messages: Array.from({ length: count }, (_, index) => ({ partition, value: `record ${sent + index}` })),
        });
      }
    await producer.send({
      topic,
      messages: Array.from({ length: live }, (_, index) => ({
        partition: index % offsets.length,
        value: `live ${index}`,
      })),
    });
    await producer.disconnect();
  }

  /** What retention does: everything that Camus archived is gone from the topic. */
  async lose(): Promise<void> {
    const { topic } = this.#archive;
    const admin = this.#kafka.admin();
    await admin.connect();
    const partitions = this.#archive
      .offsets()
      .map(({ partition, offset }) => ({ partition, offset: offset.toString() }));
    await admin.fetchTopicOffsets(topic); // kafkajs deletes only from topics whose leaders it has seen
    await admin.deleteTopicRecords({ topic, partitions });
    await admin.disconnect();
  }

  /** The group's offsets for the topic, as Kafka's own tools read them. */
  async committedOffsets(group: string): Promise<Map<number, string>> {
    const admin = this.#kafka.admin();
    await admin.connect();
    const [topic] = await admin.fetchOffsets({ groupId: group, topics: [this.#archive.topic] });
    await admin.disconnect();
    return new Map(topic?.partitions.map(({ partition, offset }) => [partition, offset]));
  }

  /** Goes on as the consumer group would: counts what the live topic still holds behind the committed offsets. */
  async consumeFromCommitted(group: string, expected: number): Promise<number> {
    const consumer = this.#kafka.consumer({ groupId: group });
    await consumer.connect();
    await consumer.subscribe({ topic: this.#archive.topic });
    let seen = 0;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, 15_000);
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ message }) => {
            if (message.value?.toString().startsWith('live ') !== true)
              reject(new Error(`the group got an archived record again: ${message.value?.toString()}`));
            seen += 1;
            if (seen < expected) return;
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
