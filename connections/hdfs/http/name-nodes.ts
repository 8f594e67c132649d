import { ConnectionError } from '../../connection-error.ts';
import type { AnswerContext } from './answer.ts';
import { discardBody, readFailure, readJson } from './answer.ts';
import type { HdfsConfig } from '../config.ts';
import type { Credentials } from './credentials.ts';
import { webHdfsTarget } from '../hdfs-path.ts';
import type { Redirect } from './redirect.ts';
import { parseRedirect } from './redirect.ts';
import { retried } from '../../retried.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { HttpRequest, Transport } from './transport.ts';

export interface Operation {
  method: HttpRequest['method'];
  /** As the WebHDFS REST API calls it: `GETFILESTATUS`. */
  op: string;
  path: string;
  query?: Readonly<Record<string, string>>;
  /** Whether doing it twice is as good as once; without it only what the server can't have done is tried again. */
  idempotent: boolean;
  signal?: AbortSignal | undefined;
}

/** The NameNodes of one HDFS: finds the active one, remembers it, and goes on to the next where it can't serve. */
export class NameNodes {
  readonly #transport: Transport;
  readonly #credentials: Credentials;
  readonly #urls: readonly string[];
  readonly #attempts: number;
  #active = 0;

  constructor(config: HdfsConfig, transport: Transport, credentials: Credentials) {
    this.#transport = transport;
    this.#credentials = credentials;
    this.#urls = config.urls;
    this.#attempts = config.attempts;
  }

  /** The JSON that an operation answers with; undefined where the answer is empty. */
  async json(operation: Operation): Promise<unknown> {
    const { signal, idempotent } = operation;
    const attempt = (): Promise<unknown> =>
      this.#pass(operation, async (answer, context) => {
        if (answer.statusCode < 200 || answer.statusCode > 299) throw await readFailure(answer, context);
        return readJson(answer, context);
      });
    return retried(this.#attempts, signal, attempt, idempotent);
  }

  /** The first step of OPEN and CREATE, once over the NameNodes: where to go on, or the answer of a gateway that serves itself. */
  async locate(operation: Operation): Promise<{ redirect: Redirect } | { answer: HttpAnswer; context: AnswerContext }> {
    return this.#pass(operation, async (answer, context) => {
      if (answer.statusCode === 307) {
        discardBody(answer);
        return { redirect: parseRedirect(answer.headers.location, context) };
      }
      if (answer.statusCode !== 200) throw await readFailure(answer, context);
      return { answer, context };
    });
  }

  async #pass<T>(operation: Operation, take: (answer: HttpAnswer, context: AnswerContext) => Promise<T>): Promise<T> {
    const failures: ConnectionError[] = [];
    for (let tried = 0; tried < this.#urls.length; tried++) {
      const index = this.#active;
      try {
        return await this.#call(this.#urls[index]!, operation, take);
      } catch (error) {
        if (!(error instanceof ConnectionError) || !error.retryable) throw error;
        failures.push(error);
        // Several calls may fail at the same time: only the first of them moves on.
        if (this.#active === index) this.#active = (index + 1) % this.#urls.length;
        if (!operation.idempotent && error.facts.maybeDone !== false) break;
      }
    }
    throw combined(failures, operation);
  }

  async #call<T>(
    server: string,
    operation: Operation,
    take: (answer: HttpAnswer, context: AnswerContext) => Promise<T>,
  ): Promise<T> {
    const { method, op, path, query, signal } = operation;
    const parameters = new URLSearchParams({ op, ...(await this.#credentials.query()), ...query });
    const context = { doing: `${op} ${path}`, server, path, credentials: this.#credentials, signal };
    const target = webHdfsTarget(path, parameters);
    const answer = await this.#transport.send({ method, origin: server, target, doing: context.doing, signal });
    return take(answer, context);
  }
}

function combined(failures: readonly ConnectionError[], { op, path }: Operation): ConnectionError {
  const last = failures.at(-1)!;
  if (failures.length === 1) return last;
  return new ConnectionError(
    last.fault,
    `${op} ${path} failed at every NameNode: ${failures.map((failure) => failure.message).join(' | ')}`,
    { ...last.facts, maybeDone: failures.some((failure) => failure.facts.maybeDone !== false) },
    last,
  );
}
