import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../connection-error.ts';
import { Broker } from './broker.ts';
import { COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, NOT_YET } from './error-codes.ts';
import { answerError } from './errors.ts';
import { findCoordinator } from './protocol/groups.ts';
import { metadata } from './protocol/metadata.ts';
import type { ClusterMetadata } from './protocol/metadata.ts';
import type { WireSettings } from './wire.ts';

export interface ClusterSettings {
  /** `host:port` of the brokers to begin with. */
  brokers: readonly string[];
  wire: WireSettings;
  /** Milliseconds for which an answer that means 'not yet' is waited out. */
  waitTimeoutMs: number;
}

const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;

/**
 * The brokers of one cluster, each with one connection that is opened when it is needed first. A cluster belongs to
 * one publisher or one question at a time: nobody else's requests delay its own or break its connections.
 */
export class Cluster {
  readonly #settings: ClusterSettings;
  readonly #addresses = new Map<number, { host: string; port: number }>();
  readonly #brokers = new Map<number | 'first', Promise<Broker>>();
  readonly #coordinators = new Map<string, number>();
  readonly #closing = new AbortController();

  constructor(settings: ClusterSettings) {
    this.#settings = settings;
  }

  /** Milliseconds for which an answer that means 'not yet' is waited out. */
  get waitTimeoutMs(): number {
    return this.#settings.waitTimeoutMs;
  }

  get requestTimeoutMs(): number {
    return this.#settings.wire.requestTimeoutMs;
  }

  /** Brokers and topics, as one broker sees them now. */
  async metadata(topics: readonly string[] | 'all'): Promise<ClusterMetadata> {
    const answer = await (await this.#first()).call(metadata, { topics });
    for (const { nodeId, host, port } of answer.brokers) this.#locate(nodeId, host, port);
    return answer;
  }

  /** A connected broker by its number, which metadata or a coordinator's address has named before. */
  async broker(nodeId: number): Promise<Broker> {
    const open = async (): Promise<Broker> => {
      const address = this.#addresses.get(nodeId);
      if (address === undefined)
        throw new ConnectionError(
          'unavailable',
          `broker ${nodeId} is not among the cluster's brokers; try again: it may be starting`,
          { nodeId },
        );
      return Broker.connect(address.host, address.port, this.#settings.wire, this.#closing.signal);
    };
    return this.#connected(nodeId, open);
  }

  /** Any broker. */
  async anyBroker(): Promise<Broker> {
    return this.#first();
  }

  /** The broker in charge of a consumer group or a transactional id; waits for there to be one. */
  async coordinator(type: number, key: string): Promise<Broker> {
    const known = this.#coordinators.get(`${type} ${key}`);
    if (known !== undefined) return this.broker(known);
    const doing = `find the coordinator of ${key}`;
    const answer = await this.whileNotYet(doing, async () => {
      const found = await (await this.#first()).call(findCoordinator, { key, type });
      return { error: found.error, value: found };
    });
    this.#locate(answer.nodeId, answer.host, answer.port);
    this.#coordinators.set(`${type} ${key}`, answer.nodeId);
    return this.broker(answer.nodeId);
  }

  /**
   * Asks again while the answer means 'not yet', for `waitTimeoutMs` at most; `more` are further codes to wait out.
   * Any other error in an answer throws.
   */
  async whileNotYet<T>(
    doing: string,
    ask: () => Promise<{ error: number; value: T }>,
    more: readonly number[] = [],
  ): Promise<T> {
    const deadline = performance.now() + this.#settings.waitTimeoutMs;
    for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      const { error, value } = await ask();
      if (error === 0) return value;
      if (error === NOT_COORDINATOR || error === COORDINATOR_NOT_AVAILABLE) this.#coordinators.clear();
      if (!NOT_YET.has(error) && !more.includes(error)) throw answerError(error, doing);
      if (performance.now() + pause > deadline)
        throw answerError(error, doing, { waitedMs: this.#settings.waitTimeoutMs });
      await sleep(pause);
      this.#closing.signal.throwIfAborted();
    }
  }

  /** Calls `listener` when the cluster is closed. */
  onClose(listener: () => void): void {
    this.#closing.signal.addEventListener('abort', listener, { once: true });
  }

  /** Ends every connection at once; what is under way fails with `reason`. */
  async close(reason: Error = new ConnectionError('unavailable', 'the connection to Kafka was closed')): Promise<void> {
    this.#closing.abort(reason);
    const brokers = [...this.#brokers.values()];
    this.#brokers.clear();
    await Promise.all(brokers.map((broker) => broker.then((open) => open.close(reason)).catch(() => undefined)));
  }

  #locate(nodeId: number, host: string, port: number): void {
    const known = this.#addresses.get(nodeId);
    if (known?.host === host && known.port === port) return;
    this.#addresses.set(nodeId, { host, port });
  }

  #first(): Promise<Broker> {
    return this.#connected('first', async () => {
      const { brokers, wire } = this.#settings;
      const start = Math.floor(Math.random() * brokers.length);
      const failures: unknown[] = [];
      for (let turn = 0; turn < brokers.length; turn++) {
        const [host, port] = splitAddress(brokers[(start + turn) % brokers.length]!);
        try {
          return await Broker.connect(host, port, wire, this.#closing.signal);
        } catch (error) {
          failures.push(error);
        }
      }
      const [only] = failures;
      if (failures.length === 1) throw only;
      throw new ConnectionError(
        (failures.find((failure) => (failure as ConnectionError).fault !== 'unavailable') as ConnectionError)?.fault ??
          'unavailable',
        `none of the Kafka brokers can be used: ${failures.map((failure) => (failure as Error).message).join(' | ')}`,
        { brokers: brokers.join(',') },
        new AggregateError(failures),
      );
    });
  }

  async #connected(key: number | 'first', open: () => Promise<Broker>): Promise<Broker> {
    this.#closing.signal.throwIfAborted();
    let broker = this.#brokers.get(key);
    if (broker !== undefined && !(await broker).connected) {
      // The broker ended an idle connection; nothing was under way on it.
      if (this.#brokers.get(key) === broker) this.#brokers.delete(key);
      broker = this.#brokers.get(key);
    }
    if (broker === undefined) {
      broker = open();
      this.#brokers.set(key, broker);
      broker.catch(() => this.#brokers.get(key) === broker && this.#brokers.delete(key));
    }
    const connected = await broker;
    await connected.renewLogin();
    this.#closing.signal.throwIfAborted();
    return connected;
  }
}

/** Host and port of `host:port` or `[v6 address]:port`. */
export function splitAddress(address: string): [host: string, port: number] {
  const colon = address.lastIndexOf(':');
  return [address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), Number(address.slice(colon + 1))];
}
