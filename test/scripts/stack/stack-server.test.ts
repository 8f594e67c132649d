// Proves with a small real server how every server of the stack is started, ended, frozen and started again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { choosePorts } from '../../../scripts/stack/ports.ts';
import type { ProcessIdentity } from '../../../scripts/stack/process-identity.ts';
import { StackServer } from '../../../scripts/stack/stack-server.ts';

interface Made {
  server: StackServer;
  identities: (ProcessIdentity | undefined)[];
  port: number;
}

async function makeServer(program: (port: number) => string): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-server-'));
  const port = (await choosePorts(['web']))['web']!;
  const identities: (ProcessIdentity | undefined)[] = [];
  const plan = {
    name: 'web',
    command: process.execPath,
    args: ['-e', program(port)],
    env: {},
    async prepare() {},
    async probe(signal: AbortSignal) {
      await (await fetch(`http://127.0.0.1:${port}/`, { signal })).text();
    },
  };
  const log = join(folder, 'web.log');
  const server = new StackServer(
    plan,
    log,
    undefined,
    (identity) => identities.push(identity),
    () => undefined,
  );
  onTestFinished(async () => {
    await server.stop('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  return { server, identities, port };
}

const webServer = (port: number): string =>
  `require('http').createServer((_, answer) => answer.end('here')).listen(${port}, '127.0.0.1')`;

describe('a server of the stack', () => {
  it('answers when start returns, and again on the same port after a kill', async () => {
    const { server, identities } = await makeServer(webServer);
    await server.start();
    const first = server.pid;
    expect(await server.whyNot()).toBeUndefined();
    await server.stop('SIGKILL');
    expect(server.running).toBe(false);
    expect(await server.whyNot()).toBe('not running');
    await server.start();
    expect(server.pid).not.toBe(first);
    expect(await server.whyNot()).toBeUndefined();
    expect(identities.map((identity) => identity?.pid)).toEqual([first, undefined, server.pid]);
  });

  it('keeps the process where start is called twice', async () => {
    const { server } = await makeServer(webServer);
    await server.start();
    const first = server.pid;
    await server.start();
    expect(server.pid).toBe(first);
  });

  it.runIf(process.platform === 'linux')('can be frozen, woken, and ended while frozen', async () => {
    const { server } = await makeServer(webServer);
    await server.start();
    server.pause();
    await expect.poll(() => server.paused).toBe(true);
    expect(await server.whyNot()).toBe('paused');
    server.resume();
    await expect.poll(() => server.whyNot()).toBeUndefined();
    server.pause();
    await server.stop();
    expect(server.running).toBe(false);
    expect(() => server.resume()).toThrow('web is not running');
  });

  it('says what its log says where the process ends at start', async () => {
    const { server } = await makeServer(() => `console.error('no room left on the moon'); process.exit(3)`);
    await expect(server.start()).rejects.toThrow(/web ended.*\n[^]*no room left on the moon/);
  });

  it('says which command it is that cannot be run', async () => {
    const { server, port } = await makeServer(webServer);
    const plan = { name: 'web', command: '/does/not/exist', args: [], env: {}, prepare: async () => {} };
    const broken = new StackServer(
      { ...plan, probe: async () => {} },
      server.logFile.replace('web.log', `${port}.log`),
      undefined,
      () => undefined,
      () => undefined,
    );
    await expect(broken.start()).rejects.toThrow('/does/not/exist');
  });

  it('stops waiting when it is told to', async () => {
    const { server } = await makeServer(() => 'setInterval(() => {}, 1000)');
    const interrupt = new AbortController();
    setTimeout(() => interrupt.abort(new Error('enough')), 300);
    await expect(server.start(interrupt.signal)).rejects.toThrow();
  });
});
