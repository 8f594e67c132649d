import { createRequire } from 'node:module';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { AnswerFrames } from './answer-frames.ts';
import { answerError } from './errors.ts';

// The only file that knows kafkajs, and the only module of it in use: one TCP or TLS connection with SASL, correlation
// of answers, and time-outs. It is internal to kafkajs, so the version is pinned (docs/decisions/0001-kafka-client.md).
const Connection = createRequire(import.meta.url)('kafkajs/src/network/connection.js') as ConnectionConstructor;

export type TlsSettings = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>;

export interface SaslSettings {
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  username: string;
  password: string;
}

export interface WireSettings {
  clientId: string;
  ssl?: TlsSettings;
  sasl?: SaslSettings;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
}

export interface WireRequest {
  apiKey: number;
  apiName: string;
  apiVersion: number;
  /** Whether the request's header is version 2 and the answer's version 1: with tagged fields. */
  flexible: boolean;
  /** The body in pieces, which go to the socket as they are: don't write to them before the answer is there. */
  body: readonly Uint8Array[];
}

/** Versions of an API that a broker knows. */
export interface VersionRange {
  lowest: number;
  highest: number;
}

const API_VERSIONS = 18;
const SASL_AUTHENTICATE = 36;

/** A connection to one broker. Errors are kafkajs's own: `errors.ts` classifies them. */
export class Wire {
  readonly address: string;
  readonly #connection: KafkajsConnection;
  readonly #clientId: Buffer;
  #inFlight = 0;

  constructor(host: string, port: number, settings: WireSettings) {
    this.address = `${host}:${port}`;
    this.#clientId = Buffer.from(settings.clientId);
    this.#connection = new Connection({
      host,
      port,
      logger: SILENT,
      socketFactory,
      clientId: settings.clientId,
      ssl: settings.ssl ?? null,
      // kafkajs keeps state in this object.
      sasl: settings.sasl === undefined ? null : { ...settings.sasl },
      connectionTimeout: settings.connectTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      enforceRequestTimeout: true,
    });
    onlyWhilePending(this.#connection.requestQueue);
    withoutRests(this.#connection);
  }

  /** Connects, asks the broker for its versions, and logs in. */
  async connect(): Promise<Map<number, VersionRange>> {
    await this.#connection.connect();
    const answer = await this.send({
      apiKey: API_VERSIONS,
      apiName: 'ApiVersions',
      apiVersion: 0,
      flexible: false,
      body: [],
    });
    const error = answer.readInt16BE(0);
    if (error !== 0) throw answerError(error, `ask ${this.address} for its versions`);
    const versions = new Map<number, VersionRange>();
    for (let count = answer.readInt32BE(2), at = 6; count > 0; count--, at += 6)
      versions.set(answer.readInt16BE(at), {
        lowest: answer.readInt16BE(at + 2),
        highest: answer.readInt16BE(at + 4),
      });
    const known = Object.fromEntries(
      [...versions].map(([key, range]) => [key, { minVersion: range.lowest, maxVersion: range.highest }]),
    );
    this.#connection.setVersions(known);
    this.#connection.setSupportAuthenticationProtocol(versions.has(SASL_AUTHENTICATE));
    await this.#connection.authenticate();
    return versions;
  }

  get connected(): boolean {
    return this.#connection.isConnected();
  }

  /**
   * Logs in again where the session is about to end. kafkajs would do so in the middle of other requests and take
   * their answers for the login's: so this is done by whoever knows that nothing is under way.
   */
  async renewLogin(): Promise<void> {
    if (this.#inFlight === 0 && this.#connection.sasl !== null && !this.#connection.isAuthenticated())
      await this.#connection.authenticate();
  }

  /** Sends a request and resolves with the body of the answer. Requests are sent and answered in the order of calls. */
  async send(request: WireRequest): Promise<Buffer> {
    const { apiKey, apiName, apiVersion, flexible, body } = request;
    const connection = this.#connection;
    // kafkajs's own `send` copies a request twice into zeroed memory.
    const correlationId = connection.nextCorrelationId();
    const head = this.#requestHead(request, correlationId);
    this.#inFlight++;
    try {
      const { payload } = await new Promise<{ payload: Buffer }>((resolve, reject) => {
        connection.failIfNotConnected();
        connection.requestQueue.push({
          entry: { apiKey, apiName, apiVersion, correlationId, resolve, reject },
          expectResponse: true,
          requestTimeout: null,
          sendRequest: () => {
            connection.socket!.cork();
            connection.socket!.write(head);
            for (const piece of body) connection.socket!.write(piece);
            connection.socket!.uncork();
          },
        });
      });
      return flexible ? skipTags(payload) : payload;
    } finally {
      this.#inFlight--;
    }
  }

  /** Ends the connection at once; requests under way fail with `reason`. */
  async close(reason: Error): Promise<void> {
    this.#connection.requestQueue.rejectAll(reason);
    await this.#connection.disconnect();
    // With an error, so that a connection that is being made ends too.
    this.#connection.socket?.destroy(reason);
  }

  #requestHead(request: WireRequest, correlationId: number): Buffer {
    const head = Buffer.alloc(14 + this.#clientId.length + (request.flexible ? 1 : 0));
    const bodyLength = request.body.reduce((sum, piece) => sum + piece.length, 0);
    head.writeInt32BE(head.length - 4 + bodyLength, 0);
    head.writeInt16BE(request.apiKey, 4);
    head.writeInt16BE(request.apiVersion, 6);
    head.writeInt32BE(correlationId, 8);
    head.writeInt16BE(this.#clientId.length, 12);
    this.#clientId.copy(head, 14);
    return head;
  }
}

/**
 * kafkajs looks at its queue of requests that wait again after a negative time, and again, every millisecond for as long
 * as a connection is open, of which Node 24 warns (`TimeoutNegativeWarning`): here only while something waits.
 */
function onlyWhilePending(queue: KafkajsConnection['requestQueue']): void {
  const schedule = queue.scheduleCheckPendingRequests.bind(queue);
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0) schedule();
  };
}

/** kafkajs keeps what is behind an answer, though that is nothing, and copies the next one behind it. */
function withoutRests(connection: KafkajsConnection): void {
  const processData = connection.processData.bind(connection);
  connection.processData = (data) => {
    if (connection.bytesBuffered === 0) connection.chunks = [];
    processData(data);
  };
}

/** Skips the tagged fields in the header of a flexible answer: a count, then tag, length and bytes of each. */
function skipTags(payload: Buffer): Buffer {
  let at = 0;
  const unsigned = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = payload.readUInt8(at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  for (let count = unsigned(); count > 0; count--) {
    unsigned(); // tag
    const length = unsigned();
    at += length;
  }
  return payload.subarray(at);
}

/** Bytes that a connection without TLS is read by: it keeps memory for so many. */
const READ_BYTES = 128 * 1024;

function socketFactory({ host, port, ssl, onConnect }: SocketRequest): Socket {
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket =
    ssl === null ? connectReading({ host, port }, onConnect) : connectTls({ host, port, ...name, ...ssl }, onConnect);
  socket.setKeepAlive(true, 60_000);
  // Small requests of a transaction would wait for the acknowledgement of the large ones before them.
  socket.setNoDelay(true);
  return socket;
}

/**
 * A connection that gives each answer as one piece of data. What a socket gives by itself are pieces of 64 KiB, each in new memory:
 * of an answer of 4 MiB they cost more than anything that is done with it.
 */
function connectReading(to: { host: string; port: number }, onConnect: () => void): Socket {
  const frames = new AnswerFrames();
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const callback = (count: number): boolean => {
    frames.take(buffer.subarray(0, count), (answer) => socket.emit('data', answer));
    return true;
  };
  const socket: Socket = connectTcp({ ...to, onread: { buffer, callback } }, onConnect);
  return socket;
}

const nothing = (): void => undefined;
const SILENT: KafkajsLogger = { namespace: () => SILENT, debug: nothing, info: nothing, warn: nothing, error: nothing };

// What is used of kafkajs 2.2.4's network/connection.js, which carries no types.

interface KafkajsLogger {
  namespace(name: string): KafkajsLogger;
  debug(): void;
  info(): void;
  warn(): void;
  error(): void;
}

interface SocketRequest {
  host: string;
  port: number;
  ssl: TlsSettings | null;
  onConnect: () => void;
}

interface KafkajsConnection {
  readonly sasl: object | null;
  readonly socket?: Socket;
  readonly requestQueue: {
    push(request: {
      entry: {
        apiKey: number;
        apiName: string;
        apiVersion: number;
        correlationId: number;
        resolve: (answer: { payload: Buffer }) => void;
        reject: (error: Error) => void;
      };
      expectResponse: boolean;
      requestTimeout: null;
      sendRequest: () => void;
    }): void;
    rejectAll(error: Error): void;
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests: () => void;
  };
  /** What has come and is not handed on, and how much that is. */
  chunks: Buffer[];
  readonly bytesBuffered: number;
  processData: (data: Buffer) => void;
  connect(): Promise<unknown>;
  disconnect(): Promise<unknown>;
  authenticate(): Promise<void>;
  isConnected(): boolean;
  isAuthenticated(): boolean;
  failIfNotConnected(): void;
  nextCorrelationId(): number;
  setVersions(versions: Record<string, { minVersion: number; maxVersion: number }>): void;
  setSupportAuthenticationProtocol(supported: boolean): void;
}

type ConnectionConstructor = new (options: {
  host: string;
  port: number;
  logger: KafkajsLogger;
  socketFactory: (request: SocketRequest) => Socket;
  clientId: string;
  ssl: TlsSettings | null;
  sasl: object | null;
  connectionTimeout: number;
  requestTimeout: number;
  enforceRequestTimeout: boolean;
}) => KafkajsConnection;
