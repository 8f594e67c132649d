import { ConnectionError } from '../../connection-error.ts';
import { nextSequence } from '../batch/batch-header.ts';
import type { Broker } from '../wire/broker.ts';
import type { Cluster } from '../wire/cluster.ts';
import type { Compression } from '../batch/compression.ts';
import { connectionError } from '../wire/errors.ts';
import { leaderOf, requireTopic } from '../wire/leaders.ts';
import { produceInOrder } from './produce-queue.ts';
import type { StampedBatch } from './produce-queue.ts';
import type { TopicMetadata } from '../wire/protocol/metadata.ts';
import type { Publisher, PublisherOptions, RecordBatch, Transaction, TransactionScope } from './publish-port.ts';
import { TransactionCoordinator } from './transaction-coordinator.ts';

const DEFAULT_TRANSACTION_TIMEOUT_MS = 60_000;

/** The publisher of `KafkaConnection.openPublisher`. It owns its cluster, and with it its connections. */
export class TransactionalPublisher implements Publisher {
  readonly #cluster: Cluster;
  readonly #coordinator: TransactionCoordinator;
  readonly #compression: Compression;
  readonly #topics = new Map<string, TopicMetadata>();
  /** Next sequence number of each partition, within this publisher's epoch. */
  readonly #sequences = new Map<string, number>();
  /** The last transaction: the next one waits for it. */
  #last: Promise<unknown> = Promise.resolve();
  #failure: ConnectionError | undefined;

  private constructor(cluster: Cluster, coordinator: TransactionCoordinator, compression: Compression) {
    this.#cluster = cluster;
    this.#coordinator = coordinator;
    this.#compression = compression;
  }

  /** Takes over the transactional id; closes the cluster where that fails. */
  static async open(cluster: Cluster, options: PublisherOptions): Promise<TransactionalPublisher> {
    const timeoutMs = options.transactionTimeoutMs ?? DEFAULT_TRANSACTION_TIMEOUT_MS;
    try {
      const coordinator = await TransactionCoordinator.initialise(cluster, options.transactionalId, timeoutMs);
      return new TransactionalPublisher(cluster, coordinator, options.compression ?? 'none');
    } catch (error) {
      const failure = connectionError(error, `take over transactional id ${options.transactionalId}`);
      await cluster.close(failure);
      throw failure;
    }
  }

  commit(transaction: Transaction): Promise<{ baseOffsets: bigint[] }> {
    const result = this.#last.then(() => this.#commit(transaction));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async endHanging({ topic, groups, records }: TransactionScope, outcome: 'commit' | 'abort'): Promise<void> {
    if (records) {
      const { partitions } = await this.#topic(topic);
      await this.#coordinator.addPartitions([{ topic, partitions: partitions.map(({ partition }) => partition) }]);
    }
    for (const group of groups) await this.#coordinator.addGroup(group);
    await (outcome === 'commit' ? this.#coordinator.commit() : this.#coordinator.abort());
  }

  async close(): Promise<void> {
    await this.#last;
    this.#failure ??= new ConnectionError(
      'unavailable',
      `the publisher of ${this.#coordinator.identity.transactionalId} is closed; open another one`,
    );
    await this.#cluster.close(this.#failure);
  }

  async #commit(transaction: Transaction): Promise<{ baseOffsets: bigint[] }> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return { baseOffsets: await this.#transact(transaction) };
    } catch (error) {
      // Nobody can tell what the broker has: the next publisher ends the transaction and reads the position again.
      const doing = `transaction of ${this.#coordinator.identity.transactionalId}`;
      this.#failure = connectionError(error, doing);
      await this.#cluster.close(this.#failure);
      throw this.#failure;
    }
  }

  async #transact({ batches, offsets }: Transaction): Promise<bigint[]> {
    if (batches.length === 0 && offsets.length === 0) return [];
    const byLeader = await this.#byLeader(batches);
    if (batches.length > 0) await this.#coordinator.addPartitions(partitionsOf(batches));
    const { transactionalId } = this.#coordinator.identity;
    const settings = { transactionalId, compression: this.#compression, timeoutMs: this.#cluster.requestTimeoutMs };
    const baseOffsets = new Array<bigint>(batches.length).fill(-1n);
    let failed = false;
    const writes = [...byLeader].map(([leader, stamped]) =>
      produceInOrder(leader, stamped, settings, baseOffsets, () => failed),
    );
    try {
      await Promise.all([...writes, this.#commitOffsets(offsets)]);
    } catch (error) {
      failed = true;
      throw error;
    }
    await this.#coordinator.commit();
    return baseOffsets;
  }

  async #commitOffsets(offsets: Transaction['offsets']): Promise<void> {
    for (const ofGroup of offsets) await this.#coordinator.commitOffsets(ofGroup);
  }

  /** Gives the batches their sequence numbers, and sorts them by the leader of their partition. */
  async #byLeader(batches: readonly RecordBatch[]): Promise<Map<Broker, StampedBatch[]>> {
    const byLeader = new Map<Broker, StampedBatch[]>();
    const { producerId, epoch } = this.#coordinator.identity;
    for (const [index, batch] of batches.entries()) {
      const leader = await leaderOf(this.#cluster, await this.#topic(batch.topic), batch.partition);
      const name = `${batch.topic}/${batch.partition}`;
      const sequence = this.#sequences.get(name) ?? 0;
      this.#sequences.set(name, nextSequence(sequence, batch.count));
      const stamped = { index, batch, stamp: { producerId, epoch, sequence } };
      const ofLeader = byLeader.get(leader);
      if (ofLeader === undefined) byLeader.set(leader, [stamped]);
      else ofLeader.push(stamped);
    }
    return byLeader;
  }

  async #topic(name: string): Promise<TopicMetadata> {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      topic = await requireTopic(this.#cluster, name);
      this.#topics.set(name, topic);
    }
    return topic;
  }
}

function partitionsOf(batches: readonly RecordBatch[]): { topic: string; partitions: number[] }[] {
  const byTopic = new Map<string, Set<number>>();
  for (const { topic, partition } of batches) {
    const partitions = byTopic.get(topic) ?? new Set();
    byTopic.set(topic, partitions.add(partition));
  }
  return [...byTopic].map(([topic, partitions]) => ({ topic, partitions: [...partitions] }));
}
