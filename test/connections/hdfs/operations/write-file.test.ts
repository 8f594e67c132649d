// A write is checked by the length of what is there afterwards, takes its source only as fast as the server takes the
// bytes, is never sent twice, and ends where a server stops: DataNodes here do everything but take the file.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { FakeServer, Handler } from '../fake-server.ts';
import {
  deadAddress,
  failureOf,
  fakeServer,
  fileStatus,
  json,
  openStore,
  redirect,
  remoteException,
} from '../fake-server.ts';

const take = async (request: Parameters<Handler>[0]): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of request.raw as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
};

/** A cluster with one file; `lengthOf` says which length the NameNode tells of what came. */
const setUp = async (dataNode: Handler, more = {}, lengthOf = (bytes: Buffer): number => bytes.length) => {
  let stored: Buffer | undefined;
  const data = await fakeServer(async (request, response) => {
    if (dataNode === serve || dataNode === serveAfterContinue) stored = await take(request);
    return dataNode(request, response);
  });
  const front = await fakeServer((request, response) => {
    if (request.op === 'CREATE') return redirect(response, `${data.url}${request.raw.url}`);
    if (stored === undefined) return remoteException(response, 'FileNotFoundException', '', 404);
    json(response, fileStatus(lengthOf(stored)));
  });
  return { data, front, store: openStore([front.url], more), stored: () => stored };
};
const serve: Handler = (_, response) => void response.writeHead(201).end();
/** As a real DataNode does, though nobody sent `Expect`. */
const serveAfterContinue: Handler = (_, response) => {
  response.writeContinue();
  response.writeHead(201).end();
};
const creates = (server: FakeServer): string[] => server.requests.filter((request) => request.includes('op=CREATE'));

const endless = async function* (): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(64 * 1024);
};

describe('a write', () => {
  it('asks the NameNode without a body, then sends to the DataNode, and gives the bytes sent', async () => {
    const { store, data, front, stored } = await setUp(serve);
    expect(await store.write('/a b', [Buffer.from('hello '), new Uint8Array(0), Buffer.from('world')])).toBe(11);
    expect(stored()?.toString()).toBe('hello world');
    expect(creates(front)).toEqual(['PUT /webhdfs/v1/a%20b?op=CREATE&user.name=anne&overwrite=false']);
    expect(creates(data)).toHaveLength(1);
  });

  it('bears a server that says Continue though nobody asked', async () => {
    const { store } = await setUp(serveAfterContinue);
    expect(await store.write('/a', [Buffer.alloc(3)])).toBe(3);
  });

  it('says overwrite only where it is told to', async () => {
    const { store, front } = await setUp(serve);
    await store.write('/a', [Buffer.alloc(3)], { overwrite: true });
    expect(creates(front)[0]).toContain('overwrite=true');
  });

  it('is truncated where the file has another length afterwards, or is not there', async () => {
    const { store } = await setUp(serve, {}, (bytes) => bytes.length - 1);
    const error = await failureOf(store.write('/file', [Buffer.alloc(10)]));
    expect(error).toMatchObject({ fault: 'truncated', facts: { path: '/file', expected: 10, got: 9 } });
    expect(error.message).toMatch(/wrote 10 bytes to \/file, but found 9 bytes/);
    const lost = await setUp(async (request, response) => {
      await take(request);
      response.writeHead(201).end();
    });
    await expect(lost.store.write('/file', [Buffer.alloc(10)])).rejects.toThrow(/found no file/);
  });

  it('is never sent twice', async () => {
    const { store, data } = await setUp(async (request, response) => {
      await take(request);
      response.destroy();
    });
    await expect(store.write('/file', [Buffer.alloc(10)])).rejects.toMatchObject({ fault: 'unavailable' });
    expect(creates(data)).toHaveLength(1);
  });

  it('asks before it sends, so that what is there already is not a matter of luck', async () => {
    const { store, data } = await setUp(serve);
    await store.write('/file', [Buffer.alloc(1)]);
    let asked = false;
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      asked = true;
      yield Buffer.alloc(1);
    };
    await expect(store.write('/file', chunks())).rejects.toMatchObject({ fault: 'exists' });
    expect(asked).toBe(false);
    expect(creates(data)).toHaveLength(1);
  });
});

describe('a DataNode', () => {
  it('that refuses while we send is believed', async () => {
    const { store } = await setUp((_, response) => remoteException(response, 'DSQuotaExceededException', 'full'));
    const error = await failureOf(store.write('/file', endless()));
    // The answer may be lost with the connection; then trying again tells.
    expect(['refused', 'unavailable']).toContain((error as unknown as { fault: string }).fault);
  });

  it('that refuses after the last byte is believed', async () => {
    const { store } = await setUp(async (request, response) => {
      await take(request);
      remoteException(response, 'FileAlreadyExistsException', 'someone was faster');
    });
    await expect(store.write('/file', [Buffer.alloc(9)])).rejects.toMatchObject({ fault: 'exists' });
  });

  it('that stops taking bytes ends as unavailable, having read ahead little of the source', async () => {
    let pulled = 0;
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        pulled += 1024 * 1024;
        yield Buffer.alloc(1024 * 1024);
      }
    };
    const { store } = await setUp(({ raw }) => void raw.pause(), { timeouts: { idleMs: 500 } });
    await expect(store.write('/file', chunks())).rejects.toMatchObject({
      fault: 'unavailable',
      message: expect.stringContaining('stopped taking') as string,
    });
    expect(pulled).toBeLessThan(32 * 1024 * 1024);
  });

  it('that takes all and never answers ends as unavailable', async () => {
    const { store } = await setUp(async (request) => void (await take(request)), { timeouts: { answerMs: 400 } });
    await expect(store.write('/file', [Buffer.alloc(9)])).rejects.toThrow(/did not answer for 400 ms, after 9 bytes/);
  });

  it('is not blamed for a slow source', async () => {
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for (let part = 0; part < 3; part++) {
        await sleep(500);
        yield Buffer.alloc(1);
      }
      await sleep(500);
    };
    const { store } = await setUp(serve, { timeouts: { idleMs: 200, answerMs: 200 } });
    expect(await store.write('/file', chunks())).toBe(3);
  });

  it.each([1, 256 * 1024])('is not blamed while %i bytes wait for a connection that others have', async (length) => {
    let end = (): void => undefined;
    const held = new Promise<void>((resolve) => (end = resolve));
    const slow = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(1);
      await held;
      yield Buffer.alloc(length - 1);
    };
    const limits = { connectionsPerHost: 2, timeouts: { idleMs: 200, answerMs: 200 } };
    const { store, data } = await setUp(serve, limits);
    const under = ['/first', '/second'].map((path) => store.write(path, slow()));
    await expect.poll(() => creates(data)).toHaveLength(2);
    const waiting = store.write('/third', [Buffer.alloc(length)]);
    waiting.catch(() => undefined);
    await sleep(1000);
    expect(creates(data)).toHaveLength(2);
    end();
    expect(await Promise.all([...under, waiting])).toEqual([length, length, length]);
  });

  it('ends when it is told to, though it waits for a connection', async () => {
    const never = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(1);
      await new Promise(() => undefined);
    };
    const { store, data } = await setUp(({ raw }) => void raw.resume(), { connectionsPerHost: 2 });
    for (const path of ['/first', '/second']) store.write(path, never()).catch(() => undefined);
    await expect.poll(() => creates(data)).toHaveLength(2);
    const stop = new AbortController();
    const waiting = store.write('/third', [Buffer.alloc(9)], { signal: stop.signal });
    await sleep(50);
    stop.abort(new Error('the step was ended'));
    await expect(waiting).rejects.toThrow('the step was ended');
  });

  it('that is dead is unavailable', async () => {
    const dead = await deadAddress();
    const front = await fakeServer((request, response) =>
      request.op === 'CREATE'
        ? redirect(response, `${dead}${request.raw.url}`)
        : remoteException(response, 'FileNotFoundException', '', 404),
    );
    await expect(openStore([front.url]).write('/file', [Buffer.alloc(1)])).rejects.toMatchObject({
      fault: 'unavailable',
    });
    expect(creates(front)).toHaveLength(1);
  });
});

it('a NameNode that answers at once, without a redirect, is refused: nothing was written', async () => {
  const front = await fakeServer((request, response) =>
    request.op === 'CREATE' ? void response.end() : remoteException(response, 'FileNotFoundException', '', 404),
  );
  await expect(openStore([front.url]).write('/file', [Buffer.alloc(1)])).rejects.toMatchObject({ fault: 'refused' });
});
