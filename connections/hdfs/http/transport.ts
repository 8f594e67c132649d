import { readFileSync } from 'node:fs';
import { buildConnector } from 'undici';
import { ConnectionError } from '../../connection-error.ts';
import { textBytes } from '../../text-file.ts';
import type { HdfsConfig } from '../config.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { HostMap } from './host-map.ts';
import { openHostMap } from './host-map.ts';
import { HostPools } from './host-pools.ts';
import { transportFailure } from '../../transport-failure.ts';
import type { Upload } from '../operations/upload.ts';
import { openUploader } from '../operations/upload.ts';

export interface HttpRequest {
  method: 'GET' | 'PUT' | 'DELETE';
  /** `http://host:port` or `https://host:port`. */
  origin: string;
  /** Path and query, encoded; sent as it is. */
  target: string;
  /** What is being done, for messages: `OPEN /a/b`. */
  doing: string;
  signal?: AbortSignal | undefined;
}

/** HTTP to NameNodes and DataNodes: pools, time-outs, certificates and mapped hosts. Follows no redirect. */
export interface Transport {
  /**
   * Sends a request without a body and waits for the head of the answer.
   *
   * @throws ConnectionError 'unavailable', with `facts.maybeDone` false where the server can't have seen the request
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Sends a request with a body of any length. */
  upload(request: Upload): Promise<HttpAnswer>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** @throws ConnectionError 'configuration' where the file of `ca` can't be read */
export function openTransport(config: HdfsConfig): Transport {
  const { answerMs, idleMs, connectMs } = config.timeouts;
  const mapHost = openHostMap(config.hostMap);
  const ca = config.ca === undefined ? {} : { ca: readCertificates(config.ca) };
  const pools = new HostPools({
    connections: config.connectionsPerHost,
    headersTimeout: answerMs,
    bodyTimeout: idleMs,
    connect: mappedConnector({ timeout: connectMs, ...ca }, mapHost),
  });
  const uploader = openUploader({ connectMs, connections: config.connectionsPerHost, ...ca }, mapHost);
  return {
    send: async ({ method, origin, target, doing, signal }) => {
      signal?.throwIfAborted();
      try {
        const answer = await pools.of(origin).request({ method, path: target, signal: signal ?? null });
        // Whoever reads the body gets its errors; those of a body that nobody reads on are of no interest.
        answer.body.on('error', () => {});
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        throw transportFailure(error, doing, origin);
      }
    },
    upload: (request) => uploader.send(request),
    close: async () => {
      uploader.close();
      await pools.destroy();
    },
  };
}

// The mapping happens where the socket is made: Host header and `servername` (the certificate) keep the cluster's name.
function mappedConnector(options: buildConnector.BuildOptions, mapHost: HostMap): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, callback) => {
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    const address = mapHost({ hostname: target.hostname, port });
    connect({ ...target, ...address }, callback);
  };
}

function readCertificates(file: string): string {
  try {
    return textBytes(readFileSync(file), file, 'the certificates').toString();
  } catch (cause) {
    if (cause instanceof ConnectionError) throw cause;
    throw new ConnectionError(
      'configuration',
      `the certificates cannot be read from ${file}: ${(cause as Error).message}; give the worker a PEM file`,
      { file },
      cause,
    );
  }
}
