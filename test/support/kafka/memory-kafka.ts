import { ConnectionError } from '../../../connections/connection-error.ts';
import type {
  AdminPort,
  GroupDescription,
  NewTopic,
  OffsetSpec,
  PartitionEpoch,
  PartitionOffset,
  TopicDescription,
  TopicOverview,
  TopicPartitions,
} from '../../../connections/kafka/admin/admin-port.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { Publisher, PublisherOptions, TransactionScope } from '../../../connections/kafka/publish/publish-port.ts';
import { batchStream } from '../../../connections/kafka/read/batch-stream.ts';
import type { AbortedRecords, LastRecord, LastRecordsOptions } from '../../../connections/kafka/read/read-port.ts';
import type { LogBatch, OffsetRange, ReadOptions, TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import { MemoryGroups } from './memory-groups.ts';
import { MemoryPartition } from './memory-partition.ts';
import { MemoryPublisher, type ProducerState } from './memory-publisher.ts';

/**
 * A call to the cluster, as an interruption sees it. A commit has a third moment, `written`: batches and offsets are in
 * the open transaction, and nobody has decided how it ends.
 */
export interface KafkaCall {
  call:
    'commit' | 'openPublisher' | 'endHanging' | 'describeTopic' | 'describeGroup' | 'read' | 'hasHangingTransaction';
  /** The transactional id, topic or group that it is about. */
  name: string;
}

/** May throw (an answer that is lost, a coordinator that is away) or change the cluster in between (somebody else). */
export type KafkaInterruption = (call: KafkaCall, when: 'before' | 'written' | 'after') => void | Promise<void>;

interface MemoryTopic {
  id: string;
  partitions: MemoryPartition[];
  settings: TopicDescription['settings'];
}

/** A Kafka cluster in memory, for tests of what is built on the ports: logs are Kafka's bytes, read by the real reader. */
export class MemoryKafka implements KafkaConnection {
  interruption: KafkaInterruption | undefined;
  readonly topics = new Map<string, MemoryTopic>();
  readonly groups = new MemoryGroups();
  /** By transactional id. */
  readonly producers = new Map<string, ProducerState>();
  /** Whether coordinators tell how a transaction ended (Kafka 3.0 and newer). */
  tellsOutcomes = true;
  /** Whether the marker of a decided transaction gets lost on its way to a partition (KAFKA-5202). */
  losesMarker: (partition: MemoryPartition) => boolean = () => false;
  /** The same of the groups' offsets. */
  losesGroupMarkers: (group: string) => boolean = () => false;
  #ids = 0;

  async describeTopic(topic: string): Promise<TopicDescription | undefined> {
    await this.interruption?.({ call: 'describeTopic', name: topic }, 'before');
    const found = this.topics.get(topic);
    if (found === undefined) return undefined;
    const partitions = found.partitions.map(({ logStart, logEnd }, partition) => ({
      partition,
      earliest: logStart,
      latest: logEnd,
      replicas: 1,
    }));
    return { topic, id: found.id, partitions, settings: found.settings };
  }

  async createTopic(topic: string, { partitions, settings }: NewTopic): Promise<void> {
    if (this.topics.has(topic)) throw new ConnectionError('exists', `topic ${topic} exists`, { topic });
    const inherited = Object.fromEntries(
      Object.entries(DEFAULTS).map(([name, value]) => [name, { value, inherited: true }]),
    );
    const own = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, { value, inherited: false }]),
    );
    this.topics.set(topic, {
      id: (this.#ids += 1).toString(16).padStart(32, '0'),
      partitions: Array.from({ length: partitions }, () => new MemoryPartition()),
      settings: { ...inherited, ...own },
    });
  }

  async previewTopic(topic: string, settings: NewTopic): ReturnType<AdminPort['previewTopic']> {
    if (this.topics.has(topic)) throw new ConnectionError('exists', `topic ${topic} exists`, { topic });
    return { replicas: 1, settings: { ...DEFAULTS, ...settings.settings } };
  }

  /** Deletes a topic, and what groups have committed for it. */
  deleteTopic(topic: string): void {
    this.topics.delete(topic);
    this.groups.forget(topic);
  }

  async describeGroup(group: string, topic: string): Promise<GroupDescription> {
    await this.interruption?.({ call: 'describeGroup', name: group }, 'before');
    return this.groups.describe(group, topic);
  }

  async openPublisher({ transactionalId }: PublisherOptions): Promise<Publisher> {
    await this.interruption?.({ call: 'openPublisher', name: transactionalId }, 'before');
    const publisher = await MemoryPublisher.open(this, transactionalId);
    await this.interruption?.({ call: 'openPublisher', name: transactionalId }, 'after');
    return publisher;
  }

  async lastOutcome(transactionalId: string): Promise<'commit' | 'abort' | undefined> {
    const producer = this.producers.get(transactionalId);
    if (!this.tellsOutcomes || producer === undefined) return undefined;
    return producer.open.size > 0 ? 'abort' : producer.outcome;
  }

  /** Nobody here is late: what is open stays open. */
  async hasHangingTransaction({ topic, groups, records }: TransactionScope): Promise<boolean> {
    await this.interruption?.({ call: 'hasHangingTransaction', name: topic }, 'before');
    const found = this.topics.get(topic);
    if (found === undefined) return false;
    if (records && found.partitions.some((partition) => partition.isOpen())) return true;
    return groups.some((group) => this.groups.isPending(group, topic));
  }

  openReader(): TopicReader {
    return { read: (range, options) => this.#read(range, options), close: async () => undefined };
  }

  /** Nobody here is late: what is open would be waited for in vain. */
  async lastCommittedRecords(
    topic: string,
    { open = 'wait' }: LastRecordsOptions = {},
  ): Promise<(LastRecord | undefined)[]> {
    const last: (LastRecord | undefined)[] = [];
    for (const [partition, { logStart, logEnd, lastStable }] of this.#partitions(topic).entries()) {
      if (open === 'wait' && lastStable < logEnd)
        throw new ConnectionError(
          'unavailable',
          `partition ${partition} of topic ${topic} has held an open transaction at offset ${lastStable} for ever`,
          { topic, partition },
        );
      let found: LastRecord | undefined;
      for await (const batch of this.#read({ topic, partition, from: logStart, to: lastStable }))
        if (batch.kind === 'data')
          for await (const run of batch.records())
            while (run.next())
              found = {
                offset: run.offset,
                timestamp: run.timestamp,
                headers: Object.fromEntries(run.headers().map(({ name, value }) => [name, Buffer.from(value ?? [])])),
              };
      last.push(found);
    }
    return last;
  }

  async firstCommittedOffset(topic: string, partition: number): Promise<bigint | undefined> {
    const { logStart, lastStable } = this.partition(topic, partition);
    for await (const batch of this.#read({ topic, partition, from: logStart, to: lastStable }))
      if (batch.kind === 'data') for await (const run of batch.records()) if (run.next()) return run.offset;
    return undefined;
  }

  async abortedRecords(topic: string, partition: number, from: bigint, to: bigint): Promise<AbortedRecords> {
    const result: AbortedRecords = { count: 0n, ranges: [] };
    let open: { from: bigint; to: bigint } | undefined;
    for await (const batch of this.#read({ topic, partition, from, to })) {
      if (batch.kind === 'data') open = undefined;
      if (batch.kind !== 'aborted') continue;
      for await (const run of batch.records())
        while (run.next()) {
          result.count++;
          if (open === undefined) result.ranges.push((open = { from: run.offset, to: run.offset }));
          open.to = run.offset + 1n;
        }
    }
    return result;
  }

  async listGroups(): Promise<string[]> {
    return this.groups.names();
  }

  async listTopics(names?: readonly string[]): Promise<TopicOverview[]> {
    return [...this.topics]
      .filter(([topic]) => names === undefined || names.includes(topic))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([topic, { id, partitions }]) => ({
        topic,
        id,
        internal: topic.startsWith('__'),
        partitions: partitions.map(({ leaderEpoch }, partition) => ({
          partition,
          leader: 1,
          leaderAddress: 'memory:9092',
          leaderEpoch,
          replicas: [1],
          inSync: [1],
        })),
      }));
  }

  async listOffsets(topics: readonly TopicPartitions[], at: OffsetSpec): Promise<PartitionOffset[]> {
    const answers: PartitionOffset[] = [];
    for (const { topic, partitions } of topics)
      for (const partition of partitions) {
        const found = this.topics.get(topic)?.partitions[partition];
        if (found === undefined) answers.push({ topic, partition, error: 'UNKNOWN_TOPIC_OR_PARTITION' });
        else if (typeof at === 'object') answers.push(await this.#byTime(topic, partition, at.time));
        else {
          const offset = { earliest: found.logStart, latest: found.logEnd, stable: found.lastStable }[at];
          answers.push({ topic, partition, offset });
        }
      }
    return answers;
  }

  async epochEnds(asked: readonly PartitionEpoch[]): Promise<PartitionOffset[]> {
    return asked.map(({ topic, partition, leaderEpoch }) => {
      const found = this.topics.get(topic)?.partitions[partition];
      if (found === undefined) return { topic, partition, error: 'UNKNOWN_TOPIC_OR_PARTITION' };
      return { topic, partition, offset: found.epochEnd(leaderEpoch) };
    });
  }

  async describeSettings(topics: readonly string[]): ReturnType<AdminPort['describeSettings']> {
    return topics.map((topic) => {
      const found = this.topics.get(topic);
      if (found === undefined) return { topic, settings: {}, error: 'UNKNOWN_TOPIC_OR_PARTITION' };
      return { topic, settings: found.settings };
    });
  }

  async brokerSettings(): Promise<Record<string, string>> {
    return { 'offsets.retention.minutes': '10080' };
  }

  async describeSizes(topics: readonly TopicPartitions[]): ReturnType<AdminPort['describeSizes']> {
    return topics.flatMap(({ topic, partitions }) =>
      partitions.flatMap((partition) => {
        const found = this.topics.get(topic)?.partitions[partition];
        if (found === undefined) return [];
        const { records } = found.fetch(topic, partition, found.logStart, false, Infinity);
        return [{ topic, partition, bytes: BigInt(records.length) }];
      }),
    );
  }

  async openTransactions(topic: string, partition: number): ReturnType<AdminPort['openTransactions']> {
    return this.partition(topic, partition).openTransactions();
  }

  describe(): string {
    return 'Kafka in memory';
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  partition(topic: string, partition: number): MemoryPartition {
    const found = this.#partitions(topic)[partition];
    if (found === undefined)
      throw new ConnectionError('not-found', `topic ${topic} has no partition ${partition}`, { topic, partition });
    return found;
  }

  #partitions(topic: string): MemoryPartition[] {
    const found = this.topics.get(topic);
    if (found === undefined) throw new ConnectionError('not-found', `topic ${topic} does not exist`, { topic });
    return found.partitions;
  }

  async *#read(range: OffsetRange, options: ReadOptions = {}): AsyncGenerator<LogBatch> {
    const { topic, partition } = range;
    const readCommitted = options.isolation !== 'uncommitted';
    const topicId = range.topicId ?? this.topics.get(topic)?.id;
    const fetch = async (offset: bigint): ReturnType<Parameters<typeof batchStream>[0]['fetch']> => {
      await this.interruption?.({ call: 'read', name: `${topic}/${partition}` }, 'before');
      options.signal?.throwIfAborted();
      const log = this.partition(topic, partition);
      if (this.topics.get(topic)!.id !== topicId)
        throw new ConnectionError('changed', `topic ${topic} is not the one with id ${topicId}`, { topic });
      return log.fetch(topic, partition, offset, readCommitted, options.maxBytes ?? 4096);
    };
    const isCompacted = async (): Promise<boolean> =>
      this.topics.get(topic)?.settings['cleanup.policy']?.value.includes('compact') === true;
    const pause = async (): Promise<void> => undefined;
    yield* batchStream({ fetch, pause }, range, { readCommitted, waitTimeoutMs: 0, isCompacted });
  }

  async #byTime(topic: string, partition: number, time: bigint): Promise<PartitionOffset> {
    const { logStart, logEnd } = this.partition(topic, partition);
    for await (const batch of this.#read(
      { topic, partition, from: logStart, to: logEnd },
      { isolation: 'uncommitted' },
    ))
      for await (const run of batch.records())
        while (run.next())
          if (run.timestamp >= time) return { topic, partition, offset: run.offset, timestamp: run.timestamp };
    return { topic, partition };
  }
}

/** What a broker says of a topic that has no settings of its own, as far as anybody here asks. */
const DEFAULTS: Record<string, string> = {
  'cleanup.policy': 'delete',
  'compression.type': 'producer',
  'max.message.bytes': '1048588',
  'message.timestamp.after.max.ms': '3600000',
  'message.timestamp.before.max.ms': '9223372036854775807',
  'message.timestamp.type': 'CreateTime',
  'min.insync.replicas': '1',
  'retention.bytes': '-1',
  'retention.ms': '604800000',
  'segment.bytes': '1073741824',
  'unclean.leader.election.enable': 'false',
};
