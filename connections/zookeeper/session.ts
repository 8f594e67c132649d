import zookeeper from 'node-zookeeper-client';
import type { Client, Stat } from 'node-zookeeper-client';
import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionError } from '../connection-error.ts';
import { AUTHENTICATION_FAILED, SESSION_EXPIRED, connectionManagerOf } from './client-internals.ts';
import type { ConnectionManager } from './client-internals.ts';
import { describeZooKeeper } from './config.ts';
import type { ZooKeeperConfig } from './config.ts';
import { classifyZooKeeperError } from './zookeeper-fault.ts';
import type { RequestContext } from './zookeeper-fault.ts';

type Callback<A extends unknown[]> = (...answer: [error: unknown, ...A] | [error: unknown]) => void;

/** Pause after all servers were tried, at most; then they are tried again until the time for connecting is over. */
const SPIN_DELAY_MS = 250;
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * One connection to ZooKeeper, used until it breaks and never mended: what Rewind does needs no session (no watches,
 * no ephemeral nodes), and a request that waits for the connection to come back would be sent when nobody expects it.
 */
export class Session {
  readonly client: Client;
  readonly #manager: ConnectionManager;
  readonly #config: ZooKeeperConfig;
  readonly #inFlight = new Set<(error: ConnectionError) => void>();
  /** Last error of a socket: the library keeps none. */
  #socketError: Error | undefined;
  #connected = false;
  #handshake: NodeJS.Timeout | undefined;
  #ended: ConnectionError | undefined;

  private constructor(config: ZooKeeperConfig) {
    this.#config = config;
    this.client = zookeeper.createClient(`placeholder${config.chroot}`, {
      sessionTimeout: config.sessionTimeoutMs,
      spinDelay: SPIN_DELAY_MS,
      retries: 0,
    });
    this.#manager = connectionManagerOf(this.client);
    this.#manager.servers = shuffled(config.servers);
    this.#takeOver(this.#manager);
  }

  /** Connects, logs in and looks for the chroot, all within `connectTimeoutMs`. */
  static async open(config: ZooKeeperConfig): Promise<Session> {
    const password = await config.auth?.readPassword();
    const session = new Session(config);
    if (config.auth !== undefined)
      session.client.addAuthInfo(config.auth.scheme, Buffer.from(`${config.auth.username}:${password}`));
    try {
      await session.#connect();
    } catch (error) {
      await session.close();
      throw error;
    }
    return session;
  }

  /** Whether no further request can be sent. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Sends one request; `send` hands the library's callback on. Every error is a ConnectionError. */
  request<A extends unknown[]>(
    about: Omit<RequestContext, 'server'>,
    send: (client: Client, answer: Callback<A>) => void,
    timeoutMs: number = this.#config.requestTimeoutMs,
  ): Promise<A> {
    return new Promise<A>((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#inFlight.delete(abandon);
        act();
      };
      const abandon = (error: ConnectionError): void => settle(() => reject(error));
      const timer = setTimeout(() => this.#end(this.#classified(this.#timedOut(timeoutMs), about)), timeoutMs);
      this.#inFlight.add(abandon);
      try {
        send(this.client, (error, ...answer) =>
          settle(() => (error ? reject(this.#classified(error, about)) : resolve(answer as A))),
        );
      } catch (error) {
        abandon(this.#classified(error, about));
      }
    });
  }

  /** Ends the session on the server, so that it need not wait for the session's time-out. */
  async close(): Promise<void> {
    if (this.#ended === undefined) {
      const gone = new Promise<void>((resolve) => this.client.once('disconnected', () => resolve()));
      this.client.close();
      await Promise.race([gone, delay(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    }
    this.#end(this.#classified(Object.assign(new Error('the connection was closed'), { code: 'ECONNABORTED' }), {}));
  }

  async #connect(): Promise<void> {
    const { connectTimeoutMs, chroot } = this.#config;
    const started = Date.now();
    await this.request(
      { doing: 'connecting' },
      (client, answer) => {
        client.once('connected', () => {
          this.#connected = true;
          clearTimeout(this.#handshake);
          answer(null);
        });
        client.connect();
      },
      connectTimeoutMs,
    );
    // The first request also tells whether the server took the log-in.
    const left = Math.max(1, connectTimeoutMs - (Date.now() - started));
    const [stat] = await this.request<[Stat | null]>(
      { doing: 'looking for the chroot', path: chroot },
      (client, answer) => client.exists('/', answer),
      left,
    );
    if (stat === null) throw missingChroot(this.#config);
  }

  #timedOut(timeoutMs: number): Error {
    const last = this.#connected ? undefined : (this.#socketError as NodeJS.ErrnoException | undefined);
    // The error of a name with several addresses has a code and no message.
    const why = last === undefined ? '' : ` (${last.message || last.code})`;
    return Object.assign(new Error(`no answer within ${timeoutMs} ms${why}`), { code: 'ETIMEDOUT' });
  }

  #classified(error: unknown, about: Partial<RequestContext>): ConnectionError {
    return classifyZooKeeperError(error, { doing: 'a request', ...about, server: describeZooKeeper(this.#config) });
  }

  /** Nothing is sent or tried after this; whoever waits for an answer gets `error`. */
  #end(error: ConnectionError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    clearTimeout(this.#handshake);
    if (this.#manager.connectTimeoutHandler) clearTimeout(this.#manager.connectTimeoutHandler);
    for (const abandon of [...this.#inFlight]) abandon(error);
    this.#manager.socket?.destroy();
  }

  #takeOver(manager: ConnectionManager): void {
    const { findNextServer, onSocketData, onSocketError, onSocketClosed } = manager;
    const perServer = Math.max(1, Math.floor(this.#config.connectTimeoutMs / this.#config.servers.length));
    manager.connectTimeout = perServer;
    manager.findNextServer = (found) =>
      findNextServer.call(manager, (server) => {
        // The library goes on for ever.
        if (this.#ended !== undefined) return;
        manager.pendingBuffer = null;
        // The library waits without end for a server that accepts the connection and then says nothing.
        clearTimeout(this.#handshake);
        this.#handshake = setTimeout(() => manager.socket?.destroy(), perServer);
        found(server);
      });
    manager.onSocketError = (error) => {
      this.#socketError = error;
      onSocketError.call(manager, error);
    };
    manager.onSocketData = (bytes) => {
      try {
        onSocketData.call(manager, bytes);
      } catch (error) {
        // An answer that the library cannot read; thrown here it would end the process.
        if (this.#connected) return this.#end(this.#classified(error, { doing: 'reading an answer' }));
        this.#socketError = new Error(
          `the server does not speak the protocol of ZooKeeper: ${(error as Error).message}`,
        );
        manager.socket?.destroy();
      }
    };
    manager.onSocketClosed = (hadError) => {
      const code = { [SESSION_EXPIRED]: -112, [AUTHENTICATION_FAILED]: -115 }[manager.state] ?? -4;
      if (this.#connected || code !== -4) this.#end(this.#classified({ code }, {}));
      onSocketClosed.call(manager, hadError);
    };
  }
}

/** Every worker tries the servers in an order of its own. */
function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function missingChroot(config: ZooKeeperConfig): ConnectionError {
  const server = describeZooKeeper({ ...config, chroot: '' });
  return new ConnectionError(
    'configuration',
    `the chroot ${config.chroot} does not exist at ${server}; correct it (it is what follows the hosts in ` +
      "zookeeper.connect of the brokers' configuration), or create that node",
    { chroot: config.chroot },
  );
}
