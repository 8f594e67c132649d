import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { SchemaReference } from '../../../connections/registry/schema-registry.ts';
import { guidOf, MemoryRegistry } from '../../support/memory-registry.ts';

export interface RestServer {
  url: string;
  /** Requests so far. */
  requests: IncomingMessage[];
  /** Answers in place of the API until it is undefined again. */
  instead: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  close(): void;
}

async function listen(
  answer: (path: string[], response: ServerResponse) => Promise<void>,
  base = '',
): Promise<RestServer> {
  const rest: RestServer = { url: '', requests: [], instead: undefined, close: () => server.close() };
  const server: Server = createServer((request, response) => {
    rest.requests.push(request);
    if (rest.instead !== undefined) return rest.instead(request, response);
    const path = request.url!.slice(base.length).split('/').slice(1).map(decodeURIComponent);
    void answer(path, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  rest.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`;
  return rest;
}

/** Confluent's API over the registry in memory, below `/api`. */
export async function confluentServer(memory = new MemoryRegistry()): Promise<RestServer & { memory: MemoryRegistry }> {
  const json = (response: ServerResponse, status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' }).end(JSON.stringify(value));
  const body = ({
    type,
    schema,
    references,
    ...rest
  }: {
    type: string;
    schema: string;
    references: readonly SchemaReference[];
  }) => ({
    ...rest,
    schema,
    ...(type === 'AVRO' ? {} : { schemaType: type }),
    ...(references.length === 0 ? {} : { references }),
  });
  const rest = await listen(async ([kind, ...path], response) => {
    const missing = (code: number) => json(response, 404, { error_code: code, message: 'not found' });
    if (kind === 'schemas' && path[0] === 'ids') {
      const found = await memory.schemaById(Number(path[1]));
      return void (found === undefined ? missing(40403) : json(response, 200, body(found)));
    }
    if (kind === 'schemas' && path[0] === 'guids') {
      const found = await memory.schemaByGuid(path[1]!);
      return void (found === undefined ? missing(40403) : json(response, 200, { ...body(found), guid: guidOf(found) }));
    }
    if (kind === 'subjects' && path.length === 0) return void json(response, 200, await memory.subjects());
    if (kind === 'subjects' && path[1] === 'versions') {
      const versions = await memory.versions(path[0]!);
      if (versions.length === 0) return void missing(40401);
      if (path.length === 2) return void json(response, 200, versions);
      const version = path[2] === 'latest' ? versions.at(-1)! : Number(path[2]);
      const found = await memory.version(path[0]!, version);
      return void (found === undefined ? missing(40402) : json(response, 200, body(found)));
    }
    json(response, 404, { error_code: 404, message: 'HTTP 404 Not Found' });
  }, '/api');
  return Object.assign(rest, { memory });
}

/** The API of a schema-repo: ids count from 0 in each subject, every answer is text. */
export async function schemaRepoServer(): Promise<RestServer & { register(subject: string, schema: string): number }> {
  const subjects = new Map<string, string[]>();
  const rest = await listen(async (path, response) => {
    const text = (value: string | undefined) =>
      value === undefined ? response.writeHead(404).end() : response.writeHead(200).end(value);
    const [subject = '', what, id] = path;
    if (subject === '') return void text([...subjects.keys()].map((name) => `${name}\n`).join(''));
    const schemas = subjects.get(subject);
    if (schemas === undefined) return void text(undefined);
    if (what === 'id') return void text(schemas[Number(id)]);
    const entry = (place: number) => `${place}\t${schemas[place]!}`;
    if (what === 'latest') return void text(entry(schemas.length - 1));
    if (what === 'all') return void text(schemas.map((_, place) => `${entry(place)}\n`).join(''));
    text(what === undefined ? '' : undefined);
  });
  const register = (subject: string, schema: string): number => {
    const schemas = subjects.get(subject) ?? [];
    subjects.set(subject, schemas);
    return schemas.push(schema) - 1;
  };
  return Object.assign(rest, { register });
}

/** Closes the server with the test that opened it. */
export function closedWithTest<T extends { close(): void }>(server: T): T {
  onTestFinished(() => server.close());
  return server;
}
