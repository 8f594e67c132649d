// The network of the fault machine does what it is told: a test that survives it proves nothing otherwise.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TcpProxy } from './tcp-proxy.ts';

let close: (() => Promise<void>)[] = [];
let proxy: TcpProxy;
/** All that the server got. */
let received = '';

/** A server that sends back what it gets. */
beforeEach(async () => {
  received = '';
  const echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await TcpProxy.start(`127.0.0.1:${(echo.address() as AddressInfo).port}`);
  close = [() => proxy.close(), async () => void echo.close()];
});
afterEach(async () => {
  for (const each of close) await each();
});

async function client(): Promise<{ socket: Socket; got: () => string; ended: Promise<string> }> {
  const [host = '', port] = proxy.address.split(':');
  const socket = connect({ host, port: Number(port) });
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  const ended = new Promise<string>((resolve) => {
    socket.once('end', () => resolve('end'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
  await once(socket, 'connect');
  close.unshift(async () => void socket.destroy());
  return { socket, got: () => text, ended };
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await sleep(5);
}

describe('a network', () => {
  it('passes everything on while nothing is wrong', async () => {
    const { socket, got } = await client();
    socket.write('hello');
    await until(() => got() === 'hello');
  });

  it('holds everything back as a black hole, and delivers it when it heals', async () => {
    const { socket, got } = await client();
    proxy.suffer({ blackHole: true });
    socket.write('late');
    await sleep(100);
    expect(got()).toBe('');
    proxy.heal();
    await until(() => got() === 'late');
  });

  it('accepts connections and never answers, until it heals', async () => {
    proxy.suffer({ silent: true });
    const { socket, got } = await client();
    socket.write('anybody?');
    await sleep(100);
    expect(got()).toBe('');
    proxy.heal();
    await until(() => got() === 'anybody?');
  });

  it.each([
    ['reset', 'ECONNRESET'],
    ['end', 'end'],
  ] as const)('cuts the answer in the middle: %s', async (how, expected) => {
    proxy.suffer({ cut: { direction: 'to-client', afterBytes: 3, how } });
    const { socket, got, ended } = await client();
    socket.write('abcdef');
    expect(await ended).toBe(expected);
    if (how === 'end') expect(got()).toBe('abc');
    expect(proxy.struck).toBe(1);
    const again = await client();
    again.socket.write('whole');
    await until(() => again.got() === 'whole');
  });

  it('cuts what goes to the server', async () => {
    proxy.suffer({ cut: { direction: 'to-server', afterBytes: 2, how: 'reset' } });
    const { socket, ended } = await client();
    socket.write('abcdef');
    await ended;
    expect(proxy.struck).toBe(1);
  });

  it('flips one bit, once', async () => {
    proxy.suffer({ flip: { direction: 'to-client', afterBytes: 1 } });
    const { socket, got } = await client();
    socket.write('aaaa');
    await until(() => got().length === 4);
    expect(got()).toBe('acaa');
    socket.write('bbbb');
    await until(() => got().length === 8);
    expect(got()).toBe('acaabbbb');
  });

  it.each([
    ['late', ''],
    ['unanswered', 'RENAME two'],
  ] as const)('stops one connection at the request that fits, %s, until it heals', async (how, arrives) => {
    proxy.suffer({ stop: { request: /RENAME/, count: 2, how } });
    const [first, second] = [await client(), await client()];
    first.socket.write('RENAME one');
    await until(() => first.got() === 'RENAME one');
    second.socket.write('RENAME two');
    await until(() => proxy.struck === 1);
    await until(() => received === `RENAME one${arrives}`);
    first.socket.write(' and on');
    await until(() => first.got() === 'RENAME one and on');
    expect(second.got()).toBe('');
    proxy.heal();
    await until(() => second.got() === 'RENAME two');
  });

  it('loses the request that fits, and its connection', async () => {
    proxy.suffer({ stop: { request: /RENAME/, count: 1, how: 'lost' } });
    const { socket, ended } = await client();
    socket.write('RENAME');
    await ended;
    expect([proxy.struck, received]).toEqual([1, '']);
  });

  it('is slow', async () => {
    proxy.suffer({ bytesPerSecond: 100 });
    const { socket, got } = await client();
    socket.write('x'.repeat(200));
    await sleep(150);
    expect(got().length).toBeLessThan(100);
    proxy.heal();
    await until(() => got().length === 200);
  });
});
