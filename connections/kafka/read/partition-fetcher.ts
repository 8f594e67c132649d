import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../connection-error.ts';
import type { Cluster } from '../wire/cluster.ts';
import { INCONSISTENT_TOPIC_ID, OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC_ID } from '../wire/error-codes.ts';
import { leaderError } from '../wire/errors.ts';
import { leaderOf, partitionOffsets, requireTopic } from '../wire/leaders.ts';
import { fetch, fetchById } from '../wire/protocol/fetch.ts';
import type { FetchAnswer } from '../wire/protocol/fetch.ts';
import type { TopicMetadata } from '../wire/protocol/metadata.ts';
import { EARLIEST, LATEST } from '../wire/protocol/offsets.ts';
import type { BatchSource } from './batch-stream.ts';
import { OffsetOutOfRange } from './offset-out-of-range.ts';

export interface FetcherOptions {
  topic: string;
  topicId: string | undefined;
  partition: number;
  readCommitted: boolean;
  maxBytes: number;
  signal: AbortSignal | undefined;
}

const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
/** Records on remote storage come only to who waits. */
const MAX_WAIT_MS = 500;

/**
 * Fetches from the leader of one partition, whoever it is: moves, broken connections and brokers that throttle are
 * waited for. Looks at every turn whether it is the same topic still.
 */
export class PartitionFetcher implements BatchSource {
  readonly #cluster: Cluster;
  readonly #options: FetcherOptions;
  #topic: TopicMetadata | undefined;
  #topicId: string | undefined;
  /** Nobody waits for an answer any more. */
  #stopped = false;

  constructor(cluster: Cluster, options: FetcherOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#topicId = options.topicId;
  }

  /** An answer without an error: with batches, or with none where there is none behind `offset` now. */
  async fetch(offset: bigint): Promise<FetchAnswer> {
    const deadline = performance.now() + this.#cluster.waitTimeoutMs;
    for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      this.#options.signal?.throwIfAborted();
      if (this.#stopped) throw new ConnectionError('unavailable', `the reading of ${this.#options.topic} was ended`);
      let failure: ConnectionError;
      try {
        const answer = await this.#unlessAborted(this.#ask(offset));
        if (answer.error === OFFSET_OUT_OF_RANGE) throw await this.#outOfRange(offset);
        if (answer.error === 0 && answer.throttledMs > 0 && answer.records.length === 0) {
          await this.pause(answer.throttledMs);
          continue; // the broker is there: what it wants is patience
        }
        if (answer.error === 0) return answer;
        failure = this.#answerError(answer.error, offset);
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        failure = error;
      }
      if (!failure.retryable || performance.now() + pause > deadline) throw failure;
      this.#topic = undefined;
      await this.pause(pause);
    }
  }

  /** A fetch that is under way is not begun again. */
  stop(): void {
    this.#stopped = true;
  }

  /** Start and end of the log now: its end as an uncommitted reader sees it. */
  async bounds(): Promise<{ logStart: bigint; logEnd: bigint }> {
    const topic = await this.#metadata();
    const { partition } = this.#options;
    const [starts, ends] = [
      await partitionOffsets(this.#cluster, { ...topic, partitions: [topic.partitions[partition]!] }, EARLIEST),
      await partitionOffsets(this.#cluster, { ...topic, partitions: [topic.partitions[partition]!] }, LATEST),
    ];
    return { logStart: starts[partition]!, logEnd: ends[partition]! };
  }

  async pause(ms: number): Promise<void> {
    const { signal } = this.#options;
    await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      throw signal?.aborted === true ? signal.reason : error;
    });
  }

  async #unlessAborted<T>(answer: Promise<T>): Promise<T> {
    const { signal } = this.#options;
    if (signal === undefined) return answer;
    let abort = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
    });
    answer.catch(() => undefined); // it may fail when nobody waits for it any more
    return Promise.race([answer, aborted]).finally(() => signal.removeEventListener('abort', abort));
  }

  async #ask(offset: bigint): Promise<FetchAnswer> {
    const topic = await this.#metadata();
    const { partition, maxBytes, readCommitted } = this.#options;
    const leader = await leaderOf(this.#cluster, topic, partition);
    const api = topic.id !== undefined && leader.supports(fetchById) ? fetchById : fetch;
    const request = { topic: topic.name, topicId: topic.id ?? '', partition, offset, maxBytes };
    return leader.call(api, { ...request, readCommitted, maxWaitMs: MAX_WAIT_MS });
  }

  async #metadata(): Promise<TopicMetadata> {
    if (this.#topic !== undefined) return this.#topic;
    const { topic: name } = this.#options;
    const topic = await requireTopic(this.#cluster, name);
    this.#topicId ??= topic.id;
    if (topic.id !== undefined && topic.id !== this.#topicId)
      throw new ConnectionError(
        'changed',
        `topic ${name} was deleted and created again: expected the one with id ${this.#topicId}, found ${topic.id}; ` +
          'its offsets count other records now',
        { topic: name, expected: this.#topicId, found: topic.id },
      );
    this.#topic = topic;
    return topic;
  }

  #answerError(code: number, offset: bigint): ConnectionError {
    const { topic, partition } = this.#options;
    const doing = `read of topic ${topic}, partition ${partition}, from offset ${offset}`;
    const error = leaderError(code, doing, { topic, partition, offset });
    // The topic is gone, or another one of its name is there: the next look at the metadata says which.
    if (code !== UNKNOWN_TOPIC_ID && code !== INCONSISTENT_TOPIC_ID) return error;
    return new ConnectionError('unavailable', error.message, error.facts);
  }

  async #outOfRange(offset: bigint): Promise<ConnectionError> {
    const { topic, partition } = this.#options;
    const { logStart, logEnd } = await this.bounds();
    // A leader that has just been elected may not know yet how long its log is.
    if (offset >= logStart && offset <= logEnd)
      return new ConnectionError(
        'unavailable',
        `read of topic ${topic}, partition ${partition}: the leader refuses offset ${offset} of a log from ${logStart} ` +
          `to ${logEnd}; try again`,
        { topic, partition, offset: String(offset) },
      );
    return new OffsetOutOfRange(topic, partition, offset, logStart, logEnd);
  }
}
