import type { Message, Producer } from 'kafkajs';
import type { ArchiveHarness } from '../../support/archive-harness.ts';
import type { Draws } from '../../support/camus-archive/draws.ts';
import type { RoundValues } from './round-values.ts';
import { readTopicToItsEnd } from '../../support/camus-archive/topic-reader.ts';

/** What Kafka has held of one partition of one topic, in one of the topic's lives. */
export interface PartitionTruth {
  topic: string;
  partition: number;
  life: number;
  /** Committed records by offset; null is a tombstone. */
  records: Map<bigint, string | null>;
  /** Records of aborted transactions. */
  aborted: number;
  /** Offsets below were deleted in Kafka, archived or not. */
  deletedTo: bigint;
  /** Records that an unclean election lost: they may have been archived before. */
  former: (string | null)[];
  /** Whether there was such an election. */
  cut: boolean;
  /** Whether the topic was deleted with it: what was not archived by then can't be. */
  gone: boolean;
  /** Last stable offset when it was last looked at. */
  end: bigint;
}

const START = Date.UTC(2026, 10, 20, 10);
const HOURS = 4;

/** The topics of a round: numbered records, some of them in transactions, some of those aborted. */
export class SourceTopics {
  /** Names by number; all begin with the round's name and a dot. */
  readonly names: string[];
  readonly truth: PartitionTruth[] = [];
  readonly #archive: ArchiveHarness;
  readonly #draws: Draws;
  readonly #values: RoundValues;
  readonly #lives = new Map<string, number>();
  #number = 0;

  constructor(archive: ArchiveHarness, name: string, draws: Draws, values: RoundValues) {
    this.#archive = archive;
    this.#values = values;
    this.#draws = draws;
    this.names = Array.from({ length: 1 + draws.below(3) }, (_, n) => `${name}.t${n}`);
  }

  async create(): Promise<void> {
    for (const topic of this.names) await this.#create(topic, 1 + this.#draws.below(3));
  }

  /** Sends so many records to all topics. */
  async produce(records: number): Promise<void> {
    const plain = this.#archive.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    const transactional = this.#archive.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      transactionalId: `${this.names[0]}-producer`,
    });
    await plain.connect();
    await transactional.connect();
    try {
      for (let sent = 0; sent < records;) {
        const count = Math.min(records - sent, 20 + this.#draws.below(180));
        await this.#send(this.#draws.pick([plain, plain, transactional]), count, transactional);
        sent += count;
      }
    } finally {
      await plain.disconnect();
      await transactional.disconnect();
    }
  }

  /** Makes room for what comes: further partitions, with records in them. */
  async addPartition(topic: string): Promise<void> {
    const count = this.#of(topic).length + 1;
    await this.#archive.admin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] }));
    this.#add(topic, count - 1);
    await this.#untilLed(topic);
  }

  /** Sends so many records to one topic, in no transaction. */
  async produceTo(topic: string, records: number): Promise<void> {
    const producer = this.#archive.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const messages = Array.from({ length: records }, () => this.#message(topic));
    await producer.send({ topic, messages });
    await producer.disconnect();
  }

  /** What an unclean election has left of a topic: all that was captured before and lies behind is no longer there. */
  async cutOff(topic: string): Promise<number> {
    await this.capture(topic);
    let lost = 0;
    for (const each of this.#of(topic)) {
      const behind = [...each.records].filter(([offset]) => offset >= each.end);
      for (const [offset] of behind) each.records.delete(offset);
      each.former.push(...behind.map(([, value]) => value));
      each.cut = true;
      lost += behind.length;
    }
    return lost;
  }

  /** What retention does: records go from the front of every partition, whether or not they are archived. */
  async deleteRecords(topic: string, share: number): Promise<void> {
    await this.capture(topic);
    const partitions = this.#of(topic).map((each) => {
      const to = BigInt(Math.floor(Number(each.end) * share));
      // What is deleted already doesn't come back.
      if (to > each.deletedTo) each.deletedTo = to;
      return { partition: each.partition, offset: String(each.deletedTo) };
    });
    await this.#archive.admin(async (admin) => {
      await admin.fetchTopicOffsets(topic); // kafkajs deletes only from topics whose leaders it has seen
      await admin.deleteTopicRecords({ topic, partitions });
    });
  }

  /** Deletes a topic; `again` makes it anew, with as many records as before, so that offsets mean other records. */
  async deleteTopic(topic: string, again: boolean): Promise<void> {
    await this.capture(topic);
    const old = this.#of(topic);
    const records = old.reduce((sum, each) => sum + each.records.size, 0);
    await this.#archive.admin((admin) => admin.deleteTopics({ topics: [topic] }));
    for (const each of old) each.gone = true;
    if (!again) {
      this.names.splice(this.names.indexOf(topic), 1);
      return;
    }
    await this.#create(topic, old.length);
    await this.produceTo(topic, records);
  }

  /** Reads with a plain consumer what a topic holds now. */
  async capture(topic: string): Promise<void> {
    const of = this.#of(topic);
    const ends = await readTopicToItsEnd({ brokers: this.#archive.brokers, topic }, (partition, { offset, value }) =>
      of
        .find((each) => each.partition === partition)
        ?.records.set(BigInt(offset), value === null ? null : this.#values.decode(value)),
    );
    for (const { partition, high } of ends) {
      const found = of.find((each) => each.partition === partition);
      if (found !== undefined) found.end = high;
    }
  }

  async captureAll(): Promise<void> {
    for (const topic of this.names) await this.capture(topic);
  }

  async delete(): Promise<void> {
    if (this.names.length > 0) await this.#archive.admin((admin) => admin.deleteTopics({ topics: this.names }));
  }

  /** Partitions of a topic in its present life. */
  #of(topic: string): PartitionTruth[] {
    return this.truth.filter((each) => each.topic === topic && each.life === this.#lives.get(topic) && !each.gone);
  }

  #add(topic: string, partition: number): void {
    const life = this.#lives.get(topic) ?? 0;
    const empty = { records: new Map(), aborted: 0, deletedTo: 0n, former: [], cut: false, gone: false, end: 0n };
    this.truth.push({ topic, partition, life, ...empty });
  }

  async #create(topic: string, partitions: number): Promise<void> {
    await this.#values.declare(topic);
    // A topic that was just deleted may still be there for a moment.
    for (let tries = 0; ; tries++)
      try {
        await this.#archive.createTopic(topic, partitions);
        break;
      } catch (error) {
        if (tries > 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    this.#lives.set(topic, (this.#lives.get(topic) ?? -1) + 1);
    for (let partition = 0; partition < partitions; partition++) this.#add(topic, partition);
    await this.#untilLed(topic);
  }

  async #untilLed(topic: string): Promise<void> {
    const count = this.#of(topic).length;
    for (let tries = 0; tries < 100; tries++) {
      // A broker that has not heard of the topic yet throws.
      const { topics } = await this.#archive
        .admin((admin) => admin.fetchTopicMetadata({ topics: [topic] }))
        .catch(() => ({ topics: [] }));
      const led = topics[0]?.partitions.filter(({ leader }) => leader >= 0) ?? [];
      if (led.length === count) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${topic} has no ${count} partitions with a leader`);
  }

  async #send(producer: Producer, count: number, transactional: Producer): Promise<void> {
    const topic = this.#draws.pick(this.names);
    const { partition } = this.#draws.pick(this.#of(topic));
    const messages = Array.from({ length: count }, () => ({ ...this.#message(topic), partition }));
    if (producer !== transactional) return void (await producer.send({ topic, messages }));
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages });
    if (this.#draws.below(3) > 0) return transaction.commit();
    await transaction.abort();
    this.#of(topic).find((each) => each.partition === partition)!.aborted += count;
  }

  #message(topic: string): Message {
    const n = this.#number++;
    const time = new Date(START + this.#draws.below(HOURS * 3_600_000)).toISOString();
    const key = this.#draws.below(5) === 0 ? null : `key ${n % 7}`;
    const tombstone = this.#draws.below(200) === 0;
    const record = { n, topic, timestamp: time, text: 'x'.repeat(n % 60) };
    const message = { key, value: tombstone ? null : this.#values.encode(record) };
    return this.#values.dress?.(message, n) ?? message;
  }
}
