import { ConnectionError } from '../../connection-error.ts';
import type { AnswerContext } from '../http/answer.ts';
import { readFailure } from '../http/answer.ts';
import type { Credentials } from '../http/credentials.ts';
import type { KnownDataNode } from '../http/known-data-node.ts';
import type { NameNodes } from '../http/name-nodes.ts';
import type { Redirect } from '../http/redirect.ts';
import { retried } from '../../retried.ts';
import type { HttpAnswer } from '../http/http-answer.ts';
import type { Transport } from '../http/transport.ts';
import { transportFailure } from '../../transport-failure.ts';

export interface ReadRange {
  path: string;
  position: number;
  length: number;
  signal?: AbortSignal | undefined;
  /** Where the bytes are put, if it has room for them. @default memory of their own */
  into?: Uint8Array | undefined;
}

/** What a read goes by. */
export interface Readers {
  nameNodes: NameNodes;
  dataNode: KnownDataNode;
  transport: Transport;
  credentials: Credentials;
  attempts: number;
}

/** Up to so many bytes it is dearer to ask where they are than to have them passed on by a DataNode that hasn't them. */
const SMALL_BYTES = 64 * 1024;

/** Reads exactly the range: OPEN at the NameNode, the bytes from a DataNode; short bodies and dead DataNodes are tried again. */
export async function readRange(deps: Readers, range: ReadRange): Promise<Uint8Array> {
  const { nameNodes, dataNode, attempts } = deps;
  const { path, position, length, signal } = range;
  let failedHost: string | undefined;
  const wanted = { offset: String(position), length: String(length) };
  const known = length <= SMALL_BYTES ? dataNode.redirectTo(path, wanted) : undefined;
  if (known !== undefined)
    try {
      return await readFrom(deps, known, range);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ConnectionError)) throw error;
      // Whatever the DataNode said, or didn't, the NameNode has the last word.
      dataNode.forget();
    }
  return retried(attempts, signal, async () => {
    const query: Record<string, string> = { ...wanted };
    // Left out once only: where it holds the only replica, the attempt after that must be free to go there again.
    if (failedHost !== undefined) query.excludedatanodes = failedHost;
    failedHost = undefined;
    const found = await nameNodes.locate({ method: 'GET', op: 'OPEN', path, query, idempotent: true, signal });
    if ('answer' in found) return receive(found.answer, range, found.context);
    failedHost = found.redirect.host;
    const bytes = await readFrom(deps, found.redirect, range);
    if (!('excludedatanodes' in query)) dataNode.learn(found.redirect);
    return bytes;
  }).catch((error: unknown) => {
    throw pastTheEnd(error, range);
  });
}

async function readFrom(
  { transport, credentials }: Readers,
  { origin, target }: Omit<Redirect, 'host'>,
  range: ReadRange,
): Promise<Uint8Array> {
  const { path, signal } = range;
  const context: AnswerContext = { doing: `OPEN ${path}`, server: origin, path, credentials, signal };
  const answer = await transport.send({ method: 'GET', origin, target, doing: context.doing, signal });
  if (answer.statusCode !== 200) throw await readFailure(answer, context);
  return receive(answer, range, context);
}

async function receive(answer: HttpAnswer, range: ReadRange, context: AnswerContext): Promise<Uint8Array> {
  const { length, into } = range;
  const announced = answer.headers['content-length'];
  if (announced !== undefined && Number(announced) !== length) {
    answer.body.destroy();
    throw wrongLength(Number(announced), range, context);
  }
  const given = into !== undefined && into.length >= length ? into.subarray(0, length) : undefined;
  const bytes = given ?? Buffer.allocUnsafeSlow(length);
  let got = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      if (got + chunk.length > length) throw wrongLength(got + chunk.length, range, context);
      bytes.set(chunk, got);
      got += chunk.length;
    }
  } catch (error) {
    context.signal?.throwIfAborted();
    if (error instanceof ConnectionError) throw error;
    const failure = transportFailure(error, context.doing, context.server);
    throw failure.facts.code === 'UND_ERR_BODY_TIMEOUT' ? failure : wrongLength(got, range, context, error);
  }
  if (got !== length) throw wrongLength(got, range, context);
  return bytes;
}

function wrongLength(got: number, range: ReadRange, context: AnswerContext, cause?: unknown): ConnectionError {
  const { path, position, length } = range;
  const { server } = context;
  const facts = { path, server, position, expected: length, got };
  const what = `expected ${length} bytes of ${path} from byte ${position}, got ${got} from ${server}`;
  // More than asked for means that somebody between us dropped the range: those would be the wrong bytes.
  return got > length
    ? new ConnectionError('refused', `${what}; the server or a proxy ignores offset and length`, facts, cause)
    : new ConnectionError(
        'truncated',
        `${what}; the file is shorter, or the connection broke: try again`,
        facts,
        cause,
      );
}

/** A NameNode refuses a range that begins past the end by a plain IOException, with its reason in the message only. */
function pastTheEnd(error: unknown, { path, position, length }: ReadRange): unknown {
  if (!(error instanceof ConnectionError) || !/\bout of the range\b/i.test(error.message)) return error;
  return new ConnectionError(
    'truncated',
    `expected ${length} bytes of ${path} from byte ${position}, but the file ends before that; check its length`,
    { path, server: error.facts.server, position, expected: length, got: 0 },
    error,
  );
}
