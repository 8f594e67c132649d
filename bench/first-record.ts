import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConnection } from '../connections/kafka/kafka-connection.ts';

/** Between two looks: few enough that they take nothing from what is measured. */
const LOOK_MS = 100;

/** Looks when a topic of one partition, which need not be there yet, has its first record that consumers get to see. */
export class FirstRecord {
  readonly #started = performance.now();
  #seconds: number | undefined;
  #ended = false;
  readonly #looking: Promise<void>;

  constructor(kafka: Pick<KafkaConnection, 'listOffsets'>, topic: string) {
    this.#looking = this.#look(kafka, topic);
    this.#looking.catch(() => undefined); // it is awaited, and so thrown, at the end
  }

  /** Ends looking: seconds from the beginning until it was there; undefined where none came. */
  async end(): Promise<number | undefined> {
    this.#ended = true;
    await this.#looking;
    return this.#seconds;
  }

  async #look(kafka: Pick<KafkaConnection, 'listOffsets'>, topic: string): Promise<void> {
    while (!this.#ended) {
      // Of a topic that is still to be created it has no offset, and an error.
      const [end] = await kafka.listOffsets([{ topic, partitions: [0] }], 'stable');
      if ((end?.offset ?? 0n) > 0n) {
        this.#seconds = (performance.now() - this.#started) / 1000;
        return;
      }
      await sleep(LOOK_MS);
    }
  }
}
