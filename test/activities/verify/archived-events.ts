import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { MemoryVerify } from '../../support/memory-verify.ts';
import { batchOf } from '../../support/odd-records.ts';
import { wholeRecordFile } from '../../support/whole-records.ts';

export const TIME = Date.UTC(2026, 10, 20, 10);
export const RECORDS = Array.from({ length: 40 }, (_, offset) => ({
  partition: 0,
  offset,
  timestamp: TIME + offset,
  key: null,
  value: Buffer.from(`v${offset}`),
}));

/** A topic `events` of forty records in one partition, and files of whole records that an archive has of it. */
export class ArchivedEvents {
  readonly store = new MemoryFileStore();
  readonly kafka = new MemoryKafka();
  readonly verify = new MemoryVerify(this.store, this.kafka);
  readonly #each: number;

  /** @param each - records of a file */
  constructor(each: number) {
    this.#each = each;
  }

  async publish(): Promise<void> {
    await this.kafka.createTopic('events', { partitions: 1, replicationFactor: 1, settings: {} });
    const records = RECORDS.map((each) => ({ ...each, timestamp: BigInt(each.timestamp), headers: [] }));
    await this.kafka.partition('events', 0).append(batchOf('events', 0, records));
  }

  /** Path of the file that ends in front of an offset. */
  path(next: number): string {
    return `/camus/events/hourly/2026/11/20/10/events.1.0.${this.#each}.${next}.${TIME}.avro`;
  }

  async archive(next: number): Promise<void> {
    await this.store.write(this.path(next), [wholeRecordFile(RECORDS.slice(next - this.#each, next))]);
  }
}
