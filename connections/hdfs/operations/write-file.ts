import { ConnectionError } from '../../connection-error.ts';
import type { AnswerContext } from '../http/answer.ts';
import { discardBody, readFailure } from '../http/answer.ts';
import type { Credentials } from '../http/credentials.ts';
import type { WriteOptions } from '../file-store.ts';
import type { NameNodes } from '../http/name-nodes.ts';
import { retried } from '../../retried.ts';
import type { Transport } from '../http/transport.ts';
import { WriteBody } from './write-body.ts';

/**
 * CREATE: asks the NameNode where to, then streams to that DataNode as fast as it takes the bytes. The bytes are never
 * sent again in here: the source is spent, and a second writer of one path would fight with what the first one left.
 *
 * @returns the bytes sent; the caller checks that the file has them
 */
export async function writeFile(
  deps: {
    nameNodes: NameNodes;
    transport: Transport;
    credentials: Credentials;
    attempts: number;
    answerMs: number;
    idleMs: number;
  },
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { overwrite = false, rights, signal }: WriteOptions,
): Promise<number> {
  const { nameNodes, transport, credentials } = deps;
  const query = { overwrite: String(overwrite), ...(rights !== undefined && { permission: rights }) };
  const create = { method: 'PUT', op: 'CREATE', path, query, idempotent: true, signal } as const;
  const found = await retried(deps.attempts, signal, () => nameNodes.locate(create));
  if ('answer' in found) {
    discardBody(found.answer);
    throw new ConnectionError(
      'refused',
      `CREATE ${path} at ${found.context.server} failed: expected a redirect, found HTTP 200; check that urls names a WebHDFS server`,
      { path, server: found.context.server },
    );
  }
  const { origin, target } = found.redirect;
  const context: AnswerContext = { doing: `CREATE ${path}`, server: origin, path, credentials, signal };
  const body = new WriteBody(chunks, deps, context.doing, origin);
  const stop = signal === undefined ? body.stalled : AbortSignal.any([signal, body.stalled]);
  try {
    const answer = await transport.upload({ origin, target, body, doing: context.doing, signal: stop });
    if (answer.statusCode !== 201 && answer.statusCode !== 200) throw await readFailure(answer, context);
    discardBody(answer);
    return body.sent;
  } catch (error) {
    signal?.throwIfAborted();
    body.throwIfSourceFailed();
    throw error;
  } finally {
    body.stop();
  }
}
