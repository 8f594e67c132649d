import { ConnectionError } from '../../connection-error.ts';
import type { Credentials } from './credentials.ts';
import { parseRemoteException, remoteVerdict, statusVerdict } from './remote-exception.ts';
import type { HttpAnswer } from './http-answer.ts';
import { transportFailure } from '../../transport-failure.ts';

/** Enough for 200,000 entries of a NameNode that lists a directory in one answer; a page has 1,000. */
const LARGEST_JSON = 64 * 1024 * 1024;
const LARGEST_EXCEPTION = 64 * 1024;

export interface AnswerContext {
  /** What is being done, for messages: `OPEN /a/b`. */
  doing: string;
  /** Origin of the server. */
  server: string;
  path: string;
  credentials: Credentials;
  signal?: AbortSignal | undefined;
}

/** Reads an answer of JSON; undefined where its body is empty. */
export async function readJson(answer: HttpAnswer, context: AnswerContext): Promise<unknown> {
  const { doing, server, path } = context;
  const text = await readText(answer, context, LARGEST_JSON);
  if (text === undefined)
    throw new ConnectionError(
      'refused',
      `${doing} at ${server} failed: the answer is larger than ${LARGEST_JSON} bytes; a NameNode of Hadoop 3 lists page by page`,
      { path, server, status: answer.statusCode },
    );
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ConnectionError(
      'configuration',
      `${doing} at ${server} failed: expected JSON, found ${contentType(answer)}; check that urls names a WebHDFS server`,
      { path, server, status: answer.statusCode },
    );
  }
}

/** The error that an answer with a bad status stands for. */
export async function readFailure(answer: HttpAnswer, context: AnswerContext): Promise<ConnectionError> {
  const { doing, server, path, credentials } = context;
  const status = answer.statusCode;
  const text = await readText(answer, context, LARGEST_EXCEPTION);
  const remote = text === undefined ? undefined : parseRemoteException(text);
  const { fault, remedy, notDone } = remote === undefined ? statusVerdict(status) : remoteVerdict(remote, status);
  const said =
    remote === undefined
      ? `HTTP ${status} and no RemoteException`
      : `${remote.exception}: ${credentials.redact(remote.message).slice(0, 400)} (HTTP ${status})`;
  const maybeDone = fault === 'unavailable' && notDone !== true;
  const facts = { path, server, status, exception: remote?.exception, maybeDone };
  return new ConnectionError(fault, `${doing} at ${server} failed: ${said}; ${remedy}`, facts);
}

/** Lets a body go that says nothing, so that its connection is free for the next request. */
export function discardBody(answer: HttpAnswer): void {
  answer.body.resume();
}

/** The answer's body as text; undefined where it is longer than `limit` bytes. */
async function readText(answer: HttpAnswer, context: AnswerContext, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) return undefined;
      chunks.push(chunk);
    }
  } catch (error) {
    context.signal?.throwIfAborted();
    throw transportFailure(error, context.doing, context.server);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

function contentType(answer: HttpAnswer): string {
  const type = answer.headers['content-type'];
  return typeof type === 'string' ? type : 'something else';
}
