import { Agent } from 'undici';
import { ConnectionError } from '../connection-error.ts';
import { readTextFile } from '../text-file.ts';
import { retried } from '../retried.ts';
import { transportFailure } from '../transport-failure.ts';
import type { RegistryConfig } from './config.ts';

/** A schema of many megabytes is none. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

const NO_HOST_MAP = { ENOTFOUND: 'its name is unknown here; check the name' };

export interface RegistryAnswer {
  status: number;
  text: string;
  /** URL of the server, for messages. */
  server: string;
  /** The header `Date`. */
  date: string | undefined;
}

/** GETs to one of several servers that hold the same schemas. */
export class RegistryHttp {
  readonly #config: RegistryConfig;
  #agent: Promise<Agent> | undefined;
  /** Index of the server that answered last. */
  #preferred = 0;

  constructor(config: RegistryConfig) {
    this.#config = config;
  }

  /**
   * @param target path below the base URL, encoded, with its slash in front
   * @param doing for messages: `the schema with id 17`
   * @returns answers of 200 and 404; what they mean is the API's business
   * @throws ConnectionError 'unavailable', 'denied', 'refused' or 'configuration'
   */
  get(target: string, doing: string, accept: string, signal?: AbortSignal): Promise<RegistryAnswer> {
    return retried(this.#config.attempts, signal, () => this.#anyServer(target, doing, accept, signal));
  }

  async close(): Promise<void> {
    const agent = this.#agent;
    if (agent !== undefined) await (await agent.catch(() => undefined))?.destroy();
  }

  async #anyServer(
    target: string,
    doing: string,
    accept: string,
    signal: AbortSignal | undefined,
  ): Promise<RegistryAnswer> {
    const { urls } = this.#config;
    const first = this.#preferred;
    let failure: unknown;
    for (let i = 0; i < urls.length; i++) {
      const place = (first + i) % urls.length;
      try {
        const answer = await this.#oneServer(urls[place]!, target, doing, accept, signal);
        this.#preferred = place;
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof ConnectionError) || !error.retryable) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  async #oneServer(
    base: string,
    target: string,
    doing: string,
    accept: string,
    signal: AbortSignal | undefined,
  ): Promise<RegistryAnswer> {
    const { timeouts, readAuthorization } = this.#config;
    const authorization = await readAuthorization?.();
    this.#agent ??= this.#openAgent();
    const agent = await this.#agent;
    const url = new URL(base + target);
    const late = AbortSignal.timeout(timeouts.answerMs);
    signal?.throwIfAborted();
    try {
      const answer = await agent.request({
        method: 'GET',
        origin: url.origin,
        path: url.pathname + url.search,
        headers: { accept, ...(authorization === undefined ? {} : { authorization }) },
        signal: signal === undefined ? late : AbortSignal.any([signal, late]),
      });
      const text = await bodyText(answer.body as AsyncIterable<Buffer>, doing, base);
      if (answer.statusCode !== 200 && answer.statusCode !== 404) throw failureOf(answer.statusCode, text, doing, base);
      const { date } = answer.headers;
      return { status: answer.statusCode, text, server: base, date: typeof date === 'string' ? date : undefined };
    } catch (error) {
      signal?.throwIfAborted();
      if (late.aborted)
        throw new ConnectionError(
          'unavailable',
          `${doing} at ${base} failed: no whole answer in ${timeouts.answerMs} ms; try again`,
          { doing, server: base },
          error,
        );
      throw transportFailure(error, doing, base, NO_HOST_MAP);
    }
  }

  async #openAgent(): Promise<Agent> {
    const { ca, timeouts } = this.#config;
    const certificates = ca === undefined ? {} : { ca: (await readTextFile(ca, 'ca')).toString() };
    return new Agent({ connections: 4, connect: { timeout: timeouts.connectMs, ...certificates } });
  }
}

async function bodyText(body: AsyncIterable<Buffer>, doing: string, server: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LARGEST_ANSWER)
      throw new ConnectionError(
        'refused',
        `${doing} at ${server} failed: the answer is larger than ${LARGEST_ANSWER} bytes; check that urls names a schema registry`,
        { doing, server },
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

function failureOf(status: number, text: string, doing: string, server: string): ConnectionError {
  const { message } = parsedObject(text);
  const said = typeof message === 'string' ? `${message.slice(0, 400)} (HTTP ${status})` : `HTTP ${status}`;
  const facts = { doing, server, status };
  const error = (fault: ConnectionError['fault'], remedy: string) =>
    new ConnectionError(fault, `${doing} at ${server} failed: ${said}; ${remedy}`, facts);
  if (status === 401) return error('denied', 'give the connection an auth that the registry knows');
  if (status === 403) return error('denied', 'the login may not read this; ask for the right');
  if (status === 408 || status === 429 || status >= 500) return error('unavailable', 'try again');
  return error('refused', 'check that urls names a schema registry, with the path of its API');
}

/** The JSON object of a text; an empty one where it is none. */
export function parsedObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
