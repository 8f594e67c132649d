// A read gives exactly the bytes asked for or an error that says what is missing: servers here cut bodies short, hang,
// send to dead DataNodes and give wrong ranges. No token shows in what is thrown.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FakeServer, Handler } from '../fake-server.ts';
import { deadAddress, failureOf, fakeServer, json, openStore, redirect, remoteException } from '../fake-server.ts';

const FILE = Buffer.from('0123456789abcdef');

/** A NameNode that sends every OPEN to `target`. */
const nameNode = (target: () => string): Promise<FakeServer> =>
  fakeServer((request, response) =>
    redirect(response, `${target()}/webhdfs/v1${request.raw.url!.slice('/webhdfs/v1'.length)}&token=dn-secret`),
  );

const serve: Handler = ({ query }, response) => {
  const offset = Number(query.get('offset'));
  response.end(FILE.subarray(offset, offset + Number(query.get('length'))));
};

/** Misbehaves for the first `times` requests, then serves. */
const after = (times: number, first: Handler): Handler => {
  let left = times;
  return (request, response) => (left-- > 0 ? first(request, response) : serve(request, response));
};

const setUp = async (handler: Handler, more = {}) => {
  const dataNode = await fakeServer(handler);
  const front = await nameNode(() => dataNode.url);
  return { dataNode, front, store: openStore([front.url], more) };
};
const truncated = (facts: Record<string, unknown>): unknown =>
  expect.objectContaining({ fault: 'truncated', facts: expect.objectContaining(facts) as unknown });

describe('a read', () => {
  it('asks the NameNode, then the DataNode, with offset and length and without our credentials', async () => {
    const { store, front, dataNode } = await setUp(serve);
    expect(Buffer.from(await store.read('/a b/%2e', 4, 8)).toString()).toBe('456789ab');
    expect(front.requests).toEqual(['GET /webhdfs/v1/a%20b/%252e?op=OPEN&user.name=anne&offset=4&length=8']);
    expect(dataNode.requests).toHaveLength(1);
    expect(dataNode.requests[0]).toMatch(/^GET \/webhdfs\/v1\/a%20b\/%252e\?/);
  });

  it('asks nobody for no byte', async () => {
    const { store, front } = await setUp(serve);
    expect(await store.read('/a', 4, 0)).toHaveLength(0);
    expect(front.requests).toEqual([]);
  });

  it('takes the bytes of a gateway that answers at once', async () => {
    const gateway = await fakeServer(serve);
    expect(Buffer.from(await openStore([gateway.url]).read('/a', 0, 3)).toString()).toBe('012');
  });

  it('sends on the name as it was asked for, whatever the NameNode makes of it, but leaves a gateway its own path', async () => {
    const dataNode = await fakeServer(serve);
    const front = await fakeServer((_, response) =>
      redirect(response, `${dataNode.url}/webhdfs/v1/%C3%A9+?op=OPEN&offset=0&length=1`),
    );
    await openStore([front.url]).read('/e\u0301+', 0, 1);
    expect(dataNode.requests).toEqual(['GET /webhdfs/v1/e%CC%81%2B?op=OPEN&offset=0&length=1']);
    const gateway = await fakeServer((_, response) =>
      redirect(response, `${dataNode.url}/gateway/data/v1?_=opaque&offset=0&length=1`),
    );
    await openStore([gateway.url]).read('/a', 0, 1);
    expect(dataNode.requests[1]).toBe('GET /gateway/data/v1?_=opaque&offset=0&length=1');
  });
});

describe('a short body', () => {
  it.each<[string, Handler]>([
    ['announced as short', (_, response) => void response.writeHead(200, { 'content-length': 5 }).end('01234')],
    [
      'cut by a broken connection',
      (_, response) => {
        response.writeHead(200, { 'content-length': 8 });
        response.write('01234', () => response.destroy());
      },
    ],
    [
      'in chunks that end in order',
      (_, response) => void response.writeHead(200, { 'transfer-encoding': 'chunked' }).end('01234'),
    ],
    [
      'in chunks that break off',
      (_, response) => {
        response.writeHead(200, { 'transfer-encoding': 'chunked' });
        response.write('01234', () => response.destroy());
      },
    ],
    [
      'without a length, until the connection ends',
      ({ raw }, response) => {
        raw.socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n01234');
        response.destroy();
      },
    ],
  ])('%s is truncated, with position, expected and got', async (_, handler) => {
    const { store, dataNode } = await setUp(handler, { attempts: 2 });
    const error = await failureOf(store.read('/file', 0, 8));
    expect(error).toEqual(truncated({ path: '/file', position: 0, expected: 8, got: 5 }));
    expect(error.message).toContain('expected 8 bytes of /file from byte 0, got 5');
    expect(dataNode.requests).toHaveLength(2);
  });

  it('is tried again, and the whole one is given', async () => {
    const { store, dataNode } = await setUp(after(2, (_, response) => void response.end('0123')));
    expect(Buffer.from(await store.read('/file', 0, 8)).toString()).toBe('01234567');
    expect(dataNode.requests).toHaveLength(3);
  });

  it('of a range past the end is truncated', async () => {
    const front = await fakeServer((_, response) =>
      remoteException(response, 'IOException', 'Offset=99 out of the range [0, 16); OPEN, path=/file'),
    );
    const failure = await failureOf(openStore([front.url], { attempts: 1 }).read('/file', 99, 1));
    expect(failure).toEqual(truncated({ position: 99, expected: 1, got: 0 }));
  });
});

describe('more than was asked for', () => {
  it.each<[string, Handler]>([
    ['announced', (_, response) => void response.writeHead(200, { 'content-length': 16 }).end(FILE)],
    ['in chunks', (_, response) => void response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(FILE)],
  ])('%s is refused: those would be the wrong bytes', async (_, handler) => {
    const { store, dataNode } = await setUp(handler);
    await expect(store.read('/file', 4, 8)).rejects.toMatchObject({ fault: 'refused' });
    expect(dataNode.requests).toHaveLength(1);
  });
});

describe('a DataNode', () => {
  it('that is dead is left out once', async () => {
    const dataNode = await fakeServer(serve);
    const targets = [await deadAddress(), await deadAddress(), dataNode.url];
    const front = await nameNode(() => targets.shift()!);
    expect(Buffer.from(await openStore([front.url]).read('/file', 0, 2)).toString()).toBe('01');
    expect(front.requests.map((request) => request.includes('excludedatanodes=127.0.0.1'))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('that accepts and never answers ends as unavailable', async () => {
    const { store } = await setUp(() => {}, { attempts: 1, timeouts: { answerMs: 300 } });
    await expect(store.read('/file', 0, 8)).rejects.toMatchObject({ fault: 'unavailable' });
  });

  it('that stops in the middle ends as unavailable', async () => {
    const stall: Handler = (_, response) => void response.writeHead(200, { 'content-length': 8 }).write('0123');
    const { store } = await setUp(stall, { attempts: 1, timeouts: { idleMs: 300 } });
    await expect(store.read('/file', 0, 8)).rejects.toThrow(/stopped in the middle/);
  });

  it('that answers an error is believed', async () => {
    const { store } = await setUp((_, response) => remoteException(response, 'AccessControlException', 'no', 403));
    await expect(store.read('/file', 0, 8)).rejects.toMatchObject({ fault: 'denied' });
  });

  it('is reached at its mapped host, under its own name', async () => {
    let hostHeader: string | undefined;
    const dataNode = await fakeServer((request, response) => {
      hostHeader = request.raw.headers.host;
      return serve(request, response);
    });
    const front = await nameNode(() => 'http://dn1.internal:9864');
    const read = (hostMap: Record<string, string>): Promise<Uint8Array> =>
      openStore([front.url], { hostMap }).read('/file', 0, 2);
    expect(Buffer.from(await read({ 'dn1.internal:9864': dataNode.host, 'dn1.internal': 'unused' })).toString()).toBe(
      '01',
    );
    expect(hostHeader).toBe('dn1.internal:9864');
    const samePort = await nameNode(() => `http://dn1.internal:${new URL(dataNode.url).port}`);
    const mapped = openStore([samePort.url], { hostMap: { 'dn1.internal': '127.0.0.1' } });
    expect(Buffer.from(await mapped.read('/file', 0, 2)).toString()).toBe('01');
  });
});

describe('a small range', () => {
  const text = async (read: Promise<Uint8Array>): Promise<string> => Buffer.from(await read).toString();

  it('is asked for where the NameNode sent to before, by its own path, offset and length', async () => {
    const { store, front, dataNode } = await setUp(serve);
    await store.read('/a', 4, 8);
    expect(await text(store.read('/b c/+', 1, 2))).toBe('12');
    expect(front.requests).toHaveLength(1);
    expect(dataNode.requests[1]).toBe(
      'GET /webhdfs/v1/b%20c/%2B?op=OPEN&user.name=anne&offset=1&length=2&token=dn-secret',
    );
  });

  it('is looked for anew after 64 of them, so that the NameNode spreads them', async () => {
    const { store, front } = await setUp(serve);
    for (let n = 0; n < 66; n += 1) await store.read(`/${n}`, 0, 1);
    expect(front.requests.map((request) => /v1\/(\d+)/.exec(request)![1])).toEqual(['0', '65']);
  });

  it('that is a large one is read where its blocks are', async () => {
    const large = 64 * 1024 + 1;
    const { store, front } = await setUp(({ query }, response) => {
      response.end(Buffer.alloc(Number(query.get('length'))));
    });
    await store.read('/a', 0, 1);
    await store.read('/b', 0, large);
    expect(front.requests).toHaveLength(2);
  });

  it('is never looked for at an address that a gateway has made', async () => {
    const dataNode = await fakeServer(serve);
    const gateway = await fakeServer(({ query }, response) =>
      redirect(
        response,
        `${dataNode.url}/gateway/data?_=opaque&offset=${query.get('offset')}&length=${query.get('length')}`,
      ),
    );
    const store = openStore([gateway.url]);
    for (const at of [0, 1]) expect(await text(store.read(`/${at}`, at, 1))).toBe(String(at));
    expect(gateway.requests).toHaveLength(2);
  });

  it.each<[string, Handler]>([
    ['refuses', (_, response) => remoteException(response, 'FileNotFoundException', 'none', 404)],
    ['may not', (_, response) => remoteException(response, 'InvalidToken', 'expired', 403)],
    ['gives more', (_, response) => void response.writeHead(200, { 'content-length': 16 }).end(FILE)],
    ['gives less', (_, response) => void response.end('0')],
    ['breaks off', (_, response) => void response.destroy()],
  ])('is left to the NameNode where that DataNode %s, for a while', async (_, handler) => {
    const answers: Handler[] = [serve, handler];
    const { store, front, dataNode } = await setUp((request, response) =>
      (answers.shift() ?? serve)(request, response),
    );
    await store.read('/a', 0, 1);
    expect(await text(store.read('/b', 2, 3))).toBe('234');
    expect(await text(store.read('/c', 2, 3))).toBe('234');
    expect(dataNode.requests).toHaveLength(4);
    expect(front.requests.map((request) => /v1\/(.)/.exec(request)![1])).toEqual(['a', 'b', 'c']);
    expect(front.requests[1]).not.toContain('excludedatanodes');
  });

  it('of a file that is gone is told by the NameNode', async () => {
    const gone: Handler = (_, response) =>
      remoteException(response, 'FileNotFoundException', 'File does not exist', 404);
    const dataNode = await fakeServer(({ path }, response) =>
      path === '/a' ? void response.end('0') : gone({} as never, response),
    );
    const front = await fakeServer((request, response) =>
      request.path === '/a' ? redirect(response, `${dataNode.url}${request.raw.url!}`) : gone(request, response),
    );
    const store = openStore([front.url]);
    await store.read('/a', 0, 1);
    const error = await failureOf(store.read('/b', 0, 1));
    expect(error).toMatchObject({ fault: 'not-found', facts: { server: front.url } });
  });

  it('ends with the reason of an abort, and asks no NameNode', async () => {
    const answers: Handler[] = [serve, () => {}];
    const { store, front } = await setUp((request, response) => answers.shift()!(request, response));
    await store.read('/a', 0, 1);
    const controller = new AbortController();
    const reason = new Error('cancelled');
    setTimeout(() => controller.abort(reason), 100);
    await expect(store.read('/b', 0, 8, controller.signal)).rejects.toBe(reason);
    expect(front.requests).toHaveLength(1);
  });
});

describe('a redirect', () => {
  it.each([undefined, '', '/webhdfs/v1/file', 'ftp://dn/webhdfs/v1/file', 'http://anne:pw@dn:1/x', 'http://'])(
    'to %j is refused',
    async (location) => {
      const front = await fakeServer((_, response) => {
        response.writeHead(307, location === undefined ? {} : { location }).end();
      });
      await expect(openStore([front.url]).read('/file', 0, 1)).rejects.toMatchObject({ fault: 'refused' });
    },
  );

  it('that is none of WebHDFS (a log-in page) is a matter of configuration', async () => {
    const front = await fakeServer((_, response) => void response.writeHead(302, { location: 'http://login/' }).end());
    await expect(openStore([front.url]).read('/file', 0, 1)).rejects.toMatchObject({ fault: 'configuration' });
  });
});

describe('an abort', () => {
  it('ends a read that waits, or is in the middle, with its reason', async () => {
    for (const handler of [
      () => {},
      (_: unknown, response: Parameters<Handler>[1]) =>
        void response.writeHead(200, { 'content-length': 8 }).write('01'),
    ]) {
      const { store } = await setUp(handler);
      const controller = new AbortController();
      const reason = new Error('cancelled');
      setTimeout(() => controller.abort(reason), 100);
      await expect(store.read('/file', 0, 8, controller.signal)).rejects.toBe(reason);
    }
  });

  it('ends the pause between two attempts', async () => {
    const front = await fakeServer((_, response) => remoteException(response, 'RetriableException'));
    const controller = new AbortController();
    const reason = new Error('cancelled');
    setTimeout(() => controller.abort(reason), 300);
    await expect(openStore([front.url], { attempts: 100 }).read('/file', 0, 8, controller.signal)).rejects.toBe(reason);
  });
});

it('shows no token of ours or of a redirect in any error', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'token-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const delegationTokenFile = join(directory, 'token');
  await writeFile(delegationTokenFile, 'our-secret-token-0123456789');
  const handlers: Handler[] = [
    ({ raw }, response) =>
      remoteException(response, 'IOException', `bad token our-secret-token-0123456789 in ${raw.url}`),
    (_, response) => void response.end('01'),
    (_, response) => response.destroy(),
    (_, response) => json(response, {}, 418),
    () => {},
  ];
  for (const handler of handlers) {
    const { store, front } = await setUp(handler, {
      user: undefined,
      delegationTokenFile,
      attempts: 1,
      timeouts: { answerMs: 300 },
    });
    const error = await failureOf(store.read('/file', 0, 8));
    expect(front.requests[0]).toContain('delegation=our-secret-token-0123456789');
    expect(front.requests[0]).not.toContain('user.name');
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/our-secret|dn-secret/);
  }
  const dead = await deadAddress();
  const front = await nameNode(() => dead);
  const error = await failureOf(
    openStore([front.url], { user: undefined, delegationTokenFile, attempts: 1 }).read('/file', 0, 8),
  );
  expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/our-secret|dn-secret/);
});
