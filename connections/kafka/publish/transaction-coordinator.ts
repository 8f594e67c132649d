import type { Cluster } from '../wire/cluster.ts';
import {
  NOT_YET,
  OPERATION_NOT_ATTEMPTED,
  TRANSACTIONAL_ID_NOT_FOUND,
  UNKNOWN_TOPIC_OR_PARTITION,
} from '../wire/error-codes.ts';
import type { Api } from '../wire/protocol/api.ts';
import { GROUP_COORDINATOR, TRANSACTION_COORDINATOR } from '../wire/protocol/groups.ts';
import {
  addOffsetsToTxn,
  addPartitionsToTxn,
  describeTransactions,
  endTxn,
  initProducerId,
  txnOffsetCommit,
} from '../wire/protocol/transactions.ts';
import type { ProducerIdentity, TopicPartitions } from '../wire/protocol/transactions.ts';
import type { GroupOffsets } from './publish-port.ts';

/**
 * One transactional id's dealings with the coordinators. Answers that mean 'not yet' (an earlier transaction that is
 * still being ended, a coordinator that moves or loads) are waited out; all others throw.
 */
export class TransactionCoordinator {
  readonly #cluster: Cluster;
  readonly #identity: ProducerIdentity;

  private constructor(cluster: Cluster, identity: ProducerIdentity) {
    this.#cluster = cluster;
    this.#identity = identity;
  }

  /** Fences every earlier producer of the id, and waits until what it left open has been ended. */
  static async initialise(
    cluster: Cluster,
    transactionalId: string,
    timeoutMs: number,
  ): Promise<TransactionCoordinator> {
    const identity = await cluster.whileNotYet(`take over transactional id ${transactionalId}`, async () => {
      const coordinator = await cluster.coordinator(TRANSACTION_COORDINATOR, transactionalId);
      const { error, producerId, epoch } = await coordinator.call(initProducerId, { transactionalId, timeoutMs });
      return { error, value: { transactionalId, producerId, epoch } };
    });
    return new TransactionCoordinator(cluster, identity);
  }

  get identity(): ProducerIdentity {
    return this.#identity;
  }

  /** Begins a transaction, or goes on with it: its markers will be written to these partitions too. */
  async addPartitions(topics: readonly TopicPartitions[]): Promise<void> {
    const doing = `begin a transaction of ${this.#identity.transactionalId} on ${topics.map(({ topic }) => topic).join(', ')}`;
    // The coordinator may not have heard yet of a topic that is new.
    await this.#ask(doing, addPartitionsToTxn, { topics }, [UNKNOWN_TOPIC_OR_PARTITION], worst);
  }

  /** Makes the offsets of a group part of the transaction. */
  async commitOffsets({ group, topic, offsets }: GroupOffsets): Promise<void> {
    const doing = `commit the offsets of group ${group} for topic ${topic} in a transaction of ${this.#identity.transactionalId}`;
    await this.addGroup(group);
    await this.#cluster.whileNotYet(doing, async () => {
      const coordinator = await this.#cluster.coordinator(GROUP_COORDINATOR, group);
      const answer = await coordinator.call(txnOffsetCommit, { ...this.#identity, group, topic, offsets });
      return { error: worst(answer), value: undefined };
    }, [UNKNOWN_TOPIC_OR_PARTITION]);
  }

  /** Makes a group's offsets part of the transaction without any: its markers will be written there too. */
  async addGroup(group: string): Promise<void> {
    const doing = `make group ${group} part of a transaction of ${this.#identity.transactionalId}`;
    await this.#ask(doing, addOffsetsToTxn, { group }, [], ({ error }) => error);
  }

  async abort(): Promise<void> {
    const doing = `abort a transaction of ${this.#identity.transactionalId}`;
    await this.#ask(doing, endTxn, { commit: false }, [], ({ error }) => error);
  }

  /** Commits. The broker takes a repetition of the same answer for what it is, so 'not yet' is safe to wait out. */
  async commit(): Promise<void> {
    const doing = `commit a transaction of ${this.#identity.transactionalId}`;
    await this.#ask(doing, endTxn, { commit: true }, [], ({ error }) => error);
  }

  async #ask<Request, Answer>(
    doing: string,
    api: Api<ProducerIdentity & Request, Answer>,
    request: Request,
    more: readonly number[],
    errorOf: (answer: Answer) => number,
  ): Promise<void> {
    await this.#cluster.whileNotYet(
      doing,
      async () => {
        const coordinator = await this.#cluster.coordinator(TRANSACTION_COORDINATOR, this.#identity.transactionalId);
        const error = errorOf(await coordinator.call(api, { ...this.#identity, ...request }));
        return { error, value: undefined };
      },
      more,
    );
  }
}

/** How the last transaction of an id ended, or is to end, as far as its coordinator tells (Kafka 3.0 and newer). */
export async function lastOutcome(cluster: Cluster, transactionalId: string): Promise<'commit' | 'abort' | undefined> {
  const state = await cluster.whileNotYet(`look at transactional id ${transactionalId}`, async () => {
    const coordinator = await cluster.coordinator(TRANSACTION_COORDINATOR, transactionalId);
    if (!coordinator.supports(describeTransactions)) return { error: 0, value: '' };
    const { error, state: value } = await coordinator.call(describeTransactions, { transactionalId });
    return { error: error === TRANSACTIONAL_ID_NOT_FOUND ? 0 : error, value };
  });
  if (state.endsWith('Commit')) return 'commit';
  // What is ongoing is aborted by whoever opens the next publisher.
  return /Abort$|^Ongoing$|Fence$/.test(state) ? 'abort' : undefined;
}

/** The error that decides: what is final before what means 'not yet', and a cause before its consequences. */
function worst(answers: readonly { error: number }[]): number {
  const errors = answers.map(({ error }) => error).filter((error) => error !== 0);
  const causes = errors.filter((error) => error !== OPERATION_NOT_ATTEMPTED);
  return causes.find((error) => !NOT_YET.has(error)) ?? causes[0] ?? errors[0] ?? 0;
}
