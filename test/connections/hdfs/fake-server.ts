// A small HTTP server that misbehaves as a test wants it to; ends with the test.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { parseHdfsConfig } from '../../../connections/hdfs/config.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { openFileStore } from '../../../connections/hdfs/open-file-store.ts';

export interface FakeServer {
  url: string;
  host: string;
  /** `GET /webhdfs/v1/a?op=OPEN`, one for each request that came. */
  requests: string[];
}

export type Handler = (request: FakeRequest, response: ServerResponse) => void | Promise<void>;

export interface FakeRequest {
  raw: IncomingMessage;
  method: string;
  /** Decoded, without `/webhdfs/v1`. */
  path: string;
  op: string;
  query: URLSearchParams;
}

export async function fakeServer(handler: Handler): Promise<FakeServer> {
  const requests: string[] = [];
  const listener: RequestListener = (raw, response) => {
    const { pathname, searchParams } = new URL(raw.url!, 'http://fake');
    requests.push(`${raw.method} ${raw.url}`);
    const path = decodeURIComponent(pathname.replace('/webhdfs/v1', ''));
    void handler({ raw, method: raw.method!, path, op: searchParams.get('op') ?? '', query: searchParams }, response);
  };
  const url = await listen(createServer(listener));
  return { url, host: new URL(url).host, requests };
}

export async function listen(server: Server, scheme = 'http'): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An address at which nothing listens any more. */
export async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** A store with short time-outs. */
export function openStore(urls: string[], more: Record<string, unknown> = {}): FileStore {
  const timeouts = { connectMs: 2_000, answerMs: 2_000, idleMs: 2_000 };
  const store = openFileStore(parseHdfsConfig({ urls, timeouts, user: 'anne', ...more }, 'test'));
  onTestFinished(() => store.close());
  return store;
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function remoteException(
  response: ServerResponse,
  exception: string,
  message = 'no reason given',
  status = 403,
): void {
  json(response, { RemoteException: { exception, javaClassName: `org.example.${exception}`, message } }, status);
}

export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(307, { location }).end();
}

export const fileStatus = (length: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  FileStatus: { pathSuffix: '', type: 'FILE', length, modificationTime: 1_414_915_200_000, fileId: 7, ...more },
});

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & { facts: Record<string, unknown> }> {
  return promise.then(
    (value) => Promise.reject(new Error(`expected an error, got ${String(value)}`)),
    (error: unknown) => error as Error & { facts: Record<string, unknown> },
  );
}
