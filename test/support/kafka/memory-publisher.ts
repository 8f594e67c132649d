import { ConnectionError } from '../../../connections/connection-error.ts';
import type { Publisher, Transaction, TransactionScope } from '../../../connections/kafka/publish/publish-port.ts';
import type { MemoryGroups } from './memory-groups.ts';
import type { MemoryPartition } from './memory-partition.ts';

/** What a transaction coordinator knows of a transactional id. */
export interface ProducerState {
  id: bigint;
  epoch: number;
  /** Partitions of the open transaction. */
  open: Set<MemoryPartition>;
  /** How the last one ended, as far as it is remembered. */
  outcome: 'commit' | 'abort' | undefined;
}

/** What a publisher needs of the cluster that it publishes to. */
export interface MemoryCluster {
  readonly interruption:
    | ((call: { call: 'commit' | 'endHanging'; name: string }, when: 'before' | 'written' | 'after') => unknown)
    | undefined;
  readonly topics: ReadonlyMap<string, { partitions: MemoryPartition[] }>;
  readonly groups: MemoryGroups;
  readonly producers: Map<string, ProducerState>;
  readonly losesMarker: (partition: MemoryPartition) => boolean;
  readonly losesGroupMarkers: (group: string) => boolean;
  partition(topic: string, partition: number): MemoryPartition;
}

/** A publisher of `MemoryKafka`. */
export class MemoryPublisher implements Publisher {
  readonly #kafka: MemoryCluster;
  readonly #transactionalId: string;
  readonly #producer: ProducerState;
  readonly #epoch: number;
  #failure: ConnectionError | undefined;

  private constructor(kafka: MemoryCluster, transactionalId: string, producer: ProducerState) {
    this.#kafka = kafka;
    this.#transactionalId = transactionalId;
    this.#producer = producer;
    this.#epoch = producer.epoch;
  }

  /** Fences those before, and aborts what they left open, where its partitions are known. */
  static async open(kafka: MemoryCluster, transactionalId: string): Promise<MemoryPublisher> {
    const producer = kafka.producers.get(transactionalId) ?? {
      id: BigInt(1000 + kafka.producers.size),
      epoch: -1,
      open: new Set(),
      outcome: undefined,
    };
    kafka.producers.set(transactionalId, producer);
    producer.epoch++;
    for (const partition of producer.open) await partition.mark(producer, 'abort');
    if (producer.open.size > 0) kafka.groups.end(producer.id, 'abort');
    producer.open.clear();
    producer.outcome = undefined;
    return new MemoryPublisher(kafka, transactionalId, producer);
  }

  async commit(transaction: Transaction): Promise<{ baseOffsets: bigint[] }> {
    const call = { call: 'commit', name: this.#transactionalId } as const;
    return this.#guarded(async () => {
      await this.#kafka.interruption?.(call, 'before');
      this.#assertCurrent();
      const baseOffsets: bigint[] = [];
      for (const batch of transaction.batches) {
        const partition = this.#kafka.partition(batch.topic, batch.partition);
        this.#producer.open.add(partition);
        baseOffsets.push(await partition.append(batch, this.#producer));
      }
      for (const offsets of transaction.offsets) this.#kafka.groups.hold(this.#producer.id, offsets);
      await this.#kafka.interruption?.(call, 'written');
      this.#assertCurrent();
      await this.#end('commit');
      await this.#kafka.interruption?.(call, 'after');
      return { baseOffsets };
    });
  }

  async endHanging({ topic, groups, records }: TransactionScope, outcome: 'commit' | 'abort'): Promise<void> {
    await this.#kafka.interruption?.({ call: 'endHanging', name: this.#transactionalId }, 'before');
    this.#assertCurrent();
    if (records)
      for (const partition of this.#kafka.topics.get(topic)?.partitions ?? []) this.#producer.open.add(partition);
    for (const partition of this.#producer.open) await partition.mark(this.#producer, outcome);
    this.#kafka.groups.end(this.#producer.id, outcome, (group) => groups.includes(group));
    this.#producer.open.clear();
    this.#producer.outcome = outcome;
  }

  async close(): Promise<void> {
    this.#failure ??= new ConnectionError('unavailable', `the publisher of ${this.#transactionalId} is closed`);
  }

  async #end(outcome: 'commit' | 'abort'): Promise<void> {
    for (const partition of this.#producer.open)
      if (!this.#kafka.losesMarker(partition)) await partition.mark(this.#producer, outcome);
    this.#producer.open.clear();
    this.#kafka.groups.end(this.#producer.id, outcome, (group) => !this.#kafka.losesGroupMarkers(group));
    this.#producer.outcome = outcome;
  }

  #assertCurrent(): void {
    if (this.#epoch !== this.#producer.epoch)
      throw new ConnectionError('fenced', `a newer publisher of ${this.#transactionalId} is open`);
  }

  /** After any error the publisher is dead. */
  async #guarded<T>(action: () => Promise<T>): Promise<T> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return await action();
    } catch (error) {
      this.#failure =
        error instanceof ConnectionError
          ? error
          : new ConnectionError('unavailable', (error as Error).message, {}, error);
      throw this.#failure;
    }
  }
}
