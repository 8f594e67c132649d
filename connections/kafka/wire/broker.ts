import { ConnectionError } from '../../connection-error.ts';
import { connectionError } from './errors.ts';
import type { Api } from './protocol/api.ts';
import { ProtocolReader } from './protocol/protocol-reader.ts';
import { ProtocolWriter } from './protocol/protocol-writer.ts';
import { Wire } from './wire.ts';
import type { VersionRange, WireSettings } from './wire.ts';

/** A connection to one broker that speaks in APIs and fails with ConnectionErrors only. */
export class Broker {
  readonly address: string;
  readonly #wire: Wire;
  readonly #versions: Map<number, VersionRange>;

  private constructor(wire: Wire, versions: Map<number, VersionRange>) {
    this.address = wire.address;
    this.#wire = wire;
    this.#versions = versions;
  }

  /** Connects and logs in, within the connection's time-outs and until `signal` is aborted. */
  static async connect(host: string, port: number, settings: WireSettings, signal: AbortSignal): Promise<Broker> {
    const wire = new Wire(host, port, settings);
    const abort = (): void => void wire.close(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      return new Broker(wire, await wire.connect());
    } catch (error) {
      const failure = connectionError(
        signal.aborted ? signal.reason : error,
        `connect to Kafka broker ${wire.address}`,
        {},
        wire.address,
      );
      await wire.close(failure);
      throw failure;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  get connected(): boolean {
    return this.#wire.connected;
  }

  /** Whether the broker knows a version of this API that Rewind speaks. */
  supports<Request, Answer>(api: Api<Request, Answer>): boolean {
    return this.#version(api) !== undefined;
  }

  /** Versions of an API that the broker knows, by the API's key; undefined where it knows none. */
  versionsOf(key: number): VersionRange | undefined {
    return this.#versions.get(key);
  }

  /** Logs in again where the session is about to end; to be called where no request is under way. */
  async renewLogin(): Promise<void> {
    try {
      await this.#wire.renewLogin();
    } catch (error) {
      throw connectionError(error, `log in again at Kafka broker ${this.address}`);
    }
  }

  /** Sends a request; requests are sent and answered in the order of calls. */
  async call<Request, Answer>(api: Api<Request, Answer>, request: Request): Promise<Answer> {
    const version = this.#version(api);
    if (version === undefined) {
      const { lowest, highest } = this.#versions.get(api.key) ?? {};
      throw new ConnectionError(
        'refused',
        `${api.name} at Kafka broker ${this.address}: expected one of the versions ${api.versions.join(', ')}, found ` +
          `${lowest === undefined ? 'none' : `${lowest} to ${highest}`}; use Kafka 2.0 or newer`,
        { api: api.name },
      );
    }
    const flexible = version >= (api.flexibleFrom ?? Infinity);
    const writer = new ProtocolWriter();
    api.encode(writer, request, version);
    const body = writer.finish();
    try {
      const answer = await this.#wire.send({ apiKey: api.key, apiName: api.name, apiVersion: version, flexible, body });
      return api.decode(new ProtocolReader(answer), version);
    } catch (error) {
      throw connectionError(error, `${api.name} at Kafka broker ${this.address}`, { api: api.name }, this.address);
    }
  }

  async close(reason: Error = new Error('closed')): Promise<void> {
    await this.#wire.close(connectionError(reason, `connection to Kafka broker ${this.address}`));
  }

  #version<Request, Answer>(api: Api<Request, Answer>): number | undefined {
    const range = this.#versions.get(api.key);
    if (range === undefined) return undefined;
    return api.versions.findLast((version) => version >= range.lowest && version <= range.highest);
  }
}
