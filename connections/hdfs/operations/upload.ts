import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConnectionError } from '../../connection-error.ts';
import type { HostMap } from '../http/host-map.ts';
import type { HttpAnswer } from '../http/http-answer.ts';
import { transportFailure } from '../../transport-failure.ts';

export interface Upload {
  origin: string;
  /** Path and query, encoded; sent as it is. */
  target: string;
  /** Taken only as fast as the server takes it; whoever gives it bounds its pauses by `signal`. */
  body: AsyncIterable<Uint8Array>;
  doing: string;
  signal: AbortSignal;
}

export interface Uploader {
  send(upload: Upload): Promise<HttpAnswer>;
  close(): void;
}

/**
 * PUT over Node's own HTTP: a DataNode answers `100 Continue` though nobody asked it to, which undici takes for a
 * broken answer. A pool of its own besides: a writer may wait for readers (a merge), and were they to share
 * connections, each could wait for the other for ever.
 */
export function openUploader(
  options: { connectMs: number; connections: number; ca?: string },
  mapHost: HostMap,
): Uploader {
  const { connectMs, connections, ca } = options;
  // A DataNode closes the connection after each file.
  // Two at least: one that is open as long as records come must not keep all others waiting.
  const pool = { keepAlive: false, maxSockets: Math.max(2, connections) };
  const agents = { 'http:': new http.Agent(pool), 'https:': new https.Agent(pool) };
  return {
    send: async (upload) => {
      upload.signal.throwIfAborted();
      const url = new URL(upload.origin);
      const secure = url.protocol === 'https:';
      const original = { hostname: url.hostname.replace(/^\[|\]$/g, ''), port: url.port || (secure ? '443' : '80') };
      const request = (secure ? https : http).request({
        ...mapHost(original),
        method: 'PUT',
        path: upload.target,
        // The Host header is also what the certificate is checked against.
        headers: { host: url.host, 'content-type': 'application/octet-stream' },
        signal: upload.signal,
        agent: secure ? agents['https:'] : agents['http:'],
        ...(ca === undefined ? {} : { ca }),
      });
      boundConnecting(request, connectMs, upload);
      try {
        return await answerOf(request, upload);
      } catch (error) {
        request.destroy();
        upload.signal.throwIfAborted();
        throw transportFailure(error, upload.doing, upload.origin);
      }
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** Sends the body; a server that refuses answers before it has taken all of it. */
async function answerOf(request: ClientRequest, { body, signal }: Upload): Promise<HttpAnswer> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  answered.catch(() => {});
  // Not before: who gives the bytes takes the time that they wait for a free connection for the server's. Of a request that
  // waits for one nobody is told that it was ended, until it gets one.
  await once(request, 'socket', { signal });
  const sent = pipeline(Readable.from(body, { objectMode: false }), request);
  const answer = await Promise.race([answered, sent.then(() => answered)]);
  // Whether the rest of the body still goes out decides nothing any more; the file's length is checked afterwards.
  sent.catch(() => {});
  answer.on('error', () => {});
  return Object.assign(answer, { statusCode: answer.statusCode ?? 0, body: answer });
}

function boundConnecting(request: ClientRequest, limitMs: number, { doing, origin }: Upload): void {
  request.once('socket', (socket) => {
    const timer = setTimeout(() => {
      const text = `${doing} at ${origin} failed: no connection came about in ${limitMs} ms; check network and firewall`;
      request.destroy(new ConnectionError('unavailable', text, { doing, server: origin, maybeDone: false }));
    }, limitMs);
    const connected = request.protocol === 'https:' ? 'secureConnect' : 'connect';
    socket.once(connected, () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
  });
}
