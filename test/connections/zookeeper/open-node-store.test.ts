// What a server may do that a healthy ZooKeeper does not: not be there, be silent, speak something else, give codes
// that the client library does not know. Each ends in a ConnectionError in bounded time, and never in a crash. The
// servers here are sockets that speak as much of the protocol as it takes.
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseZooKeeperConfig } from '../../../connections/zookeeper/config.ts';
import type { NodeStore } from '../../../connections/zookeeper/node-store.ts';
import { openNodeStore } from '../../../connections/zookeeper/open-node-store.ts';

const listen = async (onConnection: (socket: Socket) => void): Promise<string> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const frame = (...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
};

const ints = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeInt32BE(value, i * 4));
  return bytes;
};

interface Request {
  xid: number;
  type: number;
  socket: Socket;
  reply: (error: number, payload?: Buffer) => void;
}

const EXISTS = 3;
const GET_DATA = 4;
const CLOSE_SESSION = -11;

/** Accepts a session and `exists`, the question for the chroot; leaves the rest to `answer`. */
const speaking = (answer: (request: Request) => void, onConnection?: () => void): Promise<string> =>
  listen((socket) => {
    onConnection?.();
    let pending = Buffer.alloc(0);
    let connected = false;
    socket.on('data', (bytes) => {
      pending = Buffer.concat([pending, bytes]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE()) {
        const body = pending.subarray(4, 4 + pending.readInt32BE());
        pending = pending.subarray(4 + body.length);
        if (!connected) {
          connected = true;
          socket.write(frame(ints(0, 6000), Buffer.alloc(8, 1), ints(16), Buffer.alloc(16)));
          continue;
        }
        const [xid, type] = [body.readInt32BE(0), body.readInt32BE(4)];
        const reply = (error: number, payload: Buffer = Buffer.alloc(0)): void => {
          socket.write(frame(ints(xid, 0, 7, error), payload));
        };
        if (type === EXISTS) reply(0, Buffer.alloc(68));
        else if (type === CLOSE_SESSION) socket.end();
        else answer({ xid, type, socket, reply });
      }
    });
  });

const open = async (hosts: string, more: object = {}): Promise<NodeStore> => {
  const store = await openNodeStore(
    parseZooKeeperConfig({ hosts, connectTimeoutMs: 600, requestTimeoutMs: 300, ...more }, 'zk'),
  );
  onTestFinished(() => store.close());
  return store;
};

describe('connecting', () => {
  it.each([
    ['a port on which nothing listens', async () => '127.0.0.1:1', /ECONNREFUSED/],
    ['a name that is not known', async () => 'zookeeper.invalid:2181', /ENOTFOUND|EAI_AGAIN/],
    ['a server that accepts and is silent', () => listen(() => {}), /no answer within 600 ms/],
    ['a server that hangs up', () => listen((socket) => socket.end()), /no answer within 600 ms/],
    [
      'a server that speaks HTTP',
      () => listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      /no answer/,
    ],
    ['a server that speaks nonsense', () => listen((socket) => socket.write(Buffer.alloc(400))), /does not speak/],
  ])('to %s ends as unavailable within its time', async (_, address, message) => {
    const hosts = await address();
    const attempt = open(hosts);
    await expect(attempt).rejects.toMatchObject({ message: expect.stringMatching(message) as string });
    await expect(attempt).rejects.toMatchObject({ fault: 'unavailable', retryable: true });
  });

  it('tries all servers, past silent ones and ones that left half an answer', async () => {
    const good = await speaking(() => {});
    const silent = await listen(() => {});
    const half = await listen((socket) => socket.end(Buffer.from([0, 0, 0])));
    for (let i = 0; i < 4; i += 1) {
      const store = await open(`${silent},${half},${good},127.0.0.1:1`, { connectTimeoutMs: 4000 });
      expect(store.describe()).toBe(`ZooKeeper ${silent},${half},${good},127.0.0.1:1`);
    }
  });

  it('to a server that does not take the log-in is denied, and the password is in no message', async () => {
    const hosts = await listen((socket) => {
      socket.once('data', () => {
        socket.write(frame(ints(0, 6000), Buffer.alloc(8, 1), ints(16), Buffer.alloc(16)));
        socket.end(frame(ints(-4, 0, 0, -115)));
      });
    });
    const auth = { scheme: 'digest', username: 'rewind', password: 'hunter2' };
    const error = await open(hosts, { auth }).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ fault: 'denied', facts: { code: 'AUTH_FAILED' } });
    expect(String((error as Error).stack)).not.toContain('hunter2');
  });

  it('leaves nothing behind that goes on trying', async () => {
    let connections = 0;
    const hosts = await listen((socket) => {
      connections += 1;
      socket.end();
    });
    await expect(open(hosts)).rejects.toMatchObject({ fault: 'unavailable' });
    // What was under way when the attempt ended may still be accepted; nothing may come after it.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const after = connections;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(connections).toBe(after);
  });
});

describe('a request', () => {
  it.each([
    [-125, 'refused', 'QUOTA_EXCEEDED'],
    [-118, 'unavailable', 'SESSION_MOVED'],
    [-127, 'unavailable', 'THROTTLED_OP'],
    [-999, 'refused', 'code -999'],
    [-102, 'denied', 'NO_AUTH'],
    [-112, 'unavailable', 'SESSION_EXPIRED'],
  ])('that gets code %i is %s, and the next one works', async (code, fault, name) => {
    let asked = 0;
    const hosts = await speaking(({ type, reply }) => {
      asked += 1;
      if (type === GET_DATA) reply(asked === 1 ? code : -101);
    });
    const store = await open(hosts);
    await expect(store.get('/a')).rejects.toMatchObject({ fault, facts: { code: name } });
    expect(await store.get('/a')).toBeUndefined();
  });

  it('that gets no answer ends as unavailable within its time, and is not sent again', async () => {
    const asked: number[] = [];
    const hosts = await speaking(({ type, reply }) => {
      asked.push(type);
      if (asked.length > 1) reply(-101);
    });
    const store = await open(hosts);
    await expect(store.get('/a')).rejects.toMatchObject({
      fault: 'unavailable',
      message: expect.stringContaining('reading /a') as string,
    });
    expect(await store.get('/b')).toBeUndefined();
    expect(asked).toEqual([GET_DATA, GET_DATA]);
  });

  it('whose connection breaks is unavailable at once, with all others that are under way', async () => {
    let asked = 0;
    const hosts = await speaking(({ socket, reply }) => {
      asked += 1;
      if (asked === 2) socket.destroy();
      if (asked > 2) reply(-101);
    });
    const store = await open(hosts, { requestTimeoutMs: 60_000 });
    const both = await Promise.allSettled([store.get('/a'), store.get('/b')]);
    for (const one of both) expect(one).toMatchObject({ status: 'rejected', reason: { fault: 'unavailable' } });
    // Several at once open one connection.
    expect(await Promise.all([store.get('/a'), store.get('/b')])).toEqual([undefined, undefined]);
  });

  it('whose connection breaks is the end of it: nothing connects until the next call', async () => {
    let connections = 0;
    const hosts = await speaking(
      ({ socket }) => socket.destroy(),
      () => (connections += 1),
    );
    const store = await open(hosts);
    await expect(store.get('/a')).rejects.toMatchObject({ fault: 'unavailable' });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(connections).toBe(1);
    await expect(store.get('/a')).rejects.toMatchObject({ fault: 'unavailable' });
    expect(connections).toBe(2);
  });

  it('that gets an answer nobody can read is refused, and the process goes on', async () => {
    let asked = 0;
    const hosts = await speaking(({ reply }) => {
      asked += 1;
      reply(asked === 1 ? 0 : -101, Buffer.alloc(0));
    });
    const store = await open(hosts);
    await expect(store.get('/a')).rejects.toMatchObject({
      fault: 'refused',
      message: expect.stringContaining('reading an answer') as string,
    });
    expect(await store.get('/a')).toBeUndefined();
  });

  it('after closing is refused', async () => {
    const store = await open(await speaking(() => {}));
    await store.close();
    await expect(store.get('/a')).rejects.toMatchObject({
      fault: 'refused',
      message: expect.stringContaining('closed') as string,
    });
    await store.close();
  });
});
