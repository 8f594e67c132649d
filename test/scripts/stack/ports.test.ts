// Proves that a stack never gets a port that somebody else has, and keeps the ones it had.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { choosePorts, isFree, portNames, portsFrom } from '../../../scripts/stack/ports.ts';

async function listen(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('choosing ports', () => {
  it('gives every name a port of its own, below the range of outgoing connections', async () => {
    const names = portNames(3);
    const ports = await choosePorts(names);
    expect(Object.keys(ports)).toEqual(names);
    expect(new Set(Object.values(ports)).size).toBe(names.length);
    for (const port of Object.values(ports)) expect(port).toBeLessThan(32_768);
  });

  it('sees a port as taken whether its holder listens on one address or on all', async () => {
    expect(await isFree(await listen('127.0.0.1'))).toBe(false);
    expect(await isFree(await listen('0.0.0.0'))).toBe(false);
  });

  it('refuses asked ports that are taken, naming each', async () => {
    const taken = await listen('127.0.0.1');
    await expect(choosePorts(['kafka', 'zookeeper'], { kafka: taken })).rejects.toThrow(`kafka ${taken}`);
  });

  it('keeps the former ports, except those that are taken or asked for by another name', async () => {
    const former = await choosePorts(['kafka', 'zookeeper']);
    const taken = await listen('127.0.0.1');
    expect(await choosePorts(['kafka', 'zookeeper'], {}, former)).toEqual(former);
    const moved = await choosePorts(['kafka', 'zookeeper'], {}, { ...former, kafka: taken });
    expect(moved['kafka']).not.toBe(taken);
    expect(moved['zookeeper']).toBe(former['zookeeper']);
    const swapped = await choosePorts(['kafka', 'zookeeper'], { zookeeper: former['kafka']! }, former);
    expect(swapped['kafka']).not.toBe(former['kafka']);
  });

  it('leaves the ports of other stacks alone, running or not', async () => {
    const former = await choosePorts(['kafka']);
    const chosen = await choosePorts(['kafka'], {}, former, new Set([former['kafka']!]));
    expect(chosen['kafka']).not.toBe(former['kafka']);
  });

  it('refuses a name that no server has', async () => {
    await expect(choosePorts(['kafka'], { kafak: 9092 })).rejects.toThrow('Unknown port names: kafak');
  });

  it('counts from a base, and refuses one that leads past the last port', () => {
    expect(portsFrom(9000, ['temporal', 'kafka'])).toEqual({ temporal: 9000, kafka: 9001 });
    expect(() => portsFrom(65_535, ['temporal', 'kafka'])).toThrow('from 1 to 65534');
  });
});
