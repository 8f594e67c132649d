/**
 * Proves what a registry that fails looks like: away, slow, refusing, or something else altogether; that the next of several
 * URLs is asked; that no secret gets into a message; and what the cache asks for again.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CachedRegistry } from '../../../connections/registry/cached-registry.ts';
import { parseRegistryConfig } from '../../../connections/registry/config.ts';
import { openRegistry } from '../../../connections/registry/open-registry.ts';
import type { SchemaRegistry } from '../../../connections/registry/schema-registry.ts';
import { guidOf, MemoryRegistry } from '../../support/memory-registry.ts';
import { closedWithTest, confluentServer, schemaRepoServer } from './rest-servers.ts';

const opened = (settings: object): SchemaRegistry =>
  openRegistry(
    parseRegistryConfig({ attempts: 1, timeouts: { answerMs: 300 }, ...settings }, 'connections.registry.x'),
  );
const failure = (fault: string, ...parts: string[]): unknown =>
  expect.objectContaining({
    name: 'ConnectionError',
    fault,
    message: expect.stringMatching(new RegExp(parts.join('.*'), 's')) as unknown,
  });

describe('a registry that fails', () => {
  it.each([
    [500, 'unavailable', 'HTTP 500.*try again'],
    [503, 'unavailable', 'broken.*HTTP 503'],
    [429, 'unavailable', 'HTTP 429'],
    [401, 'denied', 'give the connection an auth'],
    [403, 'denied', 'may not read this'],
    [302, 'refused', 'check that urls names a schema registry'],
    [404, 'refused', 'found nothing under its path'],
  ] as const)('says so of HTTP %i', async (status, fault, text) => {
    const server = closedWithTest(await confluentServer());
    server.instead = (_, response) =>
      response.writeHead(status).end(status === 503 ? '{"error_code":50001,"message":"broken"}' : '<html>');
    const call = opened({ urls: [server.url] }).schemaById(17, 's');
    await expect(call).rejects.toEqual(failure(fault, 'the schema with id 17 at ', text));
  });

  it.each(['{"schema":1}', 'no json', '[]', ''])('says so of the answer %j', async (text) => {
    const server = closedWithTest(await confluentServer());
    server.instead = (_, response) => response.end(text);
    await expect(opened({ urls: [server.url] }).latest('s')).rejects.toEqual(failure('refused', 'Confluent', 'API'));
  });

  it('says so of a path that is not known there, which is no answer about a schema', async () => {
    const server = closedWithTest(await confluentServer());
    server.instead = (_, response) => response.writeHead(404).end('{"error_code":404,"message":"HTTP 404 Not Found"}');
    await expect(opened({ urls: [server.url] }).schemaByGuid('g')).rejects.toEqual(failure('refused', 'new enough'));
  });

  it('is told to be slow when it does not answer in time', async () => {
    const server = closedWithTest(await confluentServer());
    server.instead = (_, response) => void response.write('{');
    await expect(opened({ urls: [server.url] }).subjects()).rejects.toEqual(
      failure('unavailable', 'no whole answer in 300 ms'),
    );
  });

  it('is asked again, and at its other URL', async () => {
    const down = await confluentServer();
    down.close();
    const up = closedWithTest(await confluentServer());
    up.memory.register('s', '"int"');
    let failures = 0;
    up.instead = (_, response) => {
      if (++failures === 2) up.instead = undefined;
      response.writeHead(503).end();
    };
    const registry = opened({ urls: [down.url, up.url], attempts: 3 });
    expect(await registry.latest('s')).toMatchObject({ schema: '"int"' });
    expect(up.requests).toHaveLength(3);
    // From then on the one that answered is asked first.
    const late = closedWithTest(await confluentServer());
    const both = opened({ urls: [late.url, up.url] });
    late.instead = (_, response) => response.writeHead(503).end();
    for (let i = 0; i < 3; i++) await both.latest('s');
    expect(late.requests).toHaveLength(1);
    await expect(opened({ urls: [down.url] }).latest('s')).rejects.toEqual(failure('unavailable', 'ECONNREFUSED'));
  });

  it('is not asked again when it refuses', async () => {
    const server = closedWithTest(await confluentServer());
    server.instead = (_, response) => response.writeHead(401).end();
    await expect(opened({ urls: [server.url], attempts: 5 }).latest('s')).rejects.toEqual(failure('denied'));
    expect(server.requests).toHaveLength(1);
  });

  it('ends with the reason of its signal', async () => {
    const server = closedWithTest(await confluentServer());
    server.instead = () => undefined;
    const stop = new AbortController();
    const registry = opened({ urls: [server.url], timeouts: { answerMs: 60_000 } });
    const calls = [registry.subjects(stop.signal), registry.schemaById(1, 's', stop.signal)];
    const reason = new Error('cancelled');
    setTimeout(() => stop.abort(reason), 50);
    expect(await Promise.allSettled(calls)).toEqual(calls.map(() => ({ status: 'rejected', reason })));
    await registry.close();
  });

  it('of AVRO-1124 says so of an answer that has no id, and of GUIDs', async () => {
    const server = closedWithTest(await schemaRepoServer());
    server.instead = (_, response) => response.end('<html>');
    const registry = opened({ kind: 'schema-repo', urls: [server.url] });
    await expect(registry.latest('s')).rejects.toEqual(failure('refused', 'an id, a tab and a schema'));
    await expect(registry.schemaByGuid('g')).rejects.toEqual(failure('refused', 'has no GUIDs'));
  });
});

describe('a login', () => {
  it.each([
    [{ scheme: 'basic', username: 'me', password: 'p:w é' }, `Basic ${Buffer.from('me:p:w é').toString('base64')}`],
    [{ scheme: 'bearer', token: 'abc' }, 'Bearer abc'],
  ])('%j is sent', async (auth, expected) => {
    const server = closedWithTest(await confluentServer());
    await opened({ urls: [server.url], auth }).subjects();
    expect(server.requests[0]!.headers.authorization).toBe(expected);
  });

  it('is read from its file again for each request', async () => {
    const server = closedWithTest(await confluentServer());
    const folder = mkdtempSync(join(tmpdir(), 'rewind-token-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'token');
    const registry = opened({ urls: [server.url], auth: { scheme: 'bearer', tokenFile: file } });
    await expect(registry.subjects()).rejects.toEqual(failure('configuration', 'auth.tokenFile', 'ENOENT'));
    for (const token of ['one', 'two']) {
      writeFileSync(file, `${token}\n`);
      await registry.subjects();
      expect(server.requests.at(-1)!.headers.authorization).toBe(`Bearer ${token}`);
    }
  });

  it.each([
    [{}, 'connections.registry.x.urls'],
    [{ urls: [] }, 'at least one URL'],
    [{ urls: ['ftp://h'] }, 'found ftp:'],
    [{ urls: ['http://me:secret@h'] }, 'use the field auth'],
    [{ urls: ['http://h?x=1'] }, 'a path at most'],
    [{ urls: ['http://h'], kind: 'other' }, 'connections.registry.x.kind'],
    [{ urls: ['http://h'], auth: { scheme: 'basic', username: 'a' } }, 'exactly one of password and passwordFile'],
    [{ urls: ['http://h'], auth: { scheme: 'bearer', token: 'secret', tokenFile: 'f' } }, 'exactly one of token'],
    [{ urls: ['http://h'], surprise: 1 }, 'surprise'],
  ])('and address of %j are refused', (settings, message) => {
    let said = '';
    try {
      parseRegistryConfig(settings, 'connections.registry.x');
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toContain(message);
    expect(said).not.toContain('secret');
  });
});

describe('the cache', () => {
  it('asks once for what never changes, and again for an id that was not known', async () => {
    const memory = new MemoryRegistry();
    const id = memory.register('s', '"int"');
    let now = 0;
    const cached = new CachedRegistry(memory, 2, () => now);
    await Promise.all([cached.schemaById(id, 's'), cached.schemaById(id, 's')]);
    await cached.schemaById(id, 's');
    expect(memory.asked).toBe(1);
    expect(await cached.schemaByGuid(guidOf({ schema: '"int"', type: 'AVRO' }))).toMatchObject({ id });
    for (let i = 0; i < 10; i++) expect(await cached.schemaById(99, 's')).toBeUndefined();
    expect(memory.asked).toBe(3);
    now = 60_000;
    await cached.schemaById(99, 's');
    expect(memory.asked).toBe(4);
    await cached.latest('s');
    await cached.latest('s');
    expect(memory.asked).toBe(6);
  });

  it('forgets what was not asked for the longest, and every failure', async () => {
    const memory = new MemoryRegistry();
    const ids = ['"int"', '"long"', '"string"'].map((schema) => memory.register('s', schema));
    const cached = new CachedRegistry(memory, 2);
    for (const id of [ids[0]!, ids[1]!, ids[0]!, ids[2]!, ids[0]!]) await cached.schemaById(id, 's');
    expect(memory.asked).toBe(3);
    await cached.schemaById(ids[1]!, 's');
    expect(memory.asked).toBe(4);
    memory.away = true;
    await expect(cached.schemaById(50, 's')).rejects.toEqual(failure('unavailable'));
    memory.away = false;
    expect(await cached.schemaById(50, 's')).toBeUndefined();
  });
});
