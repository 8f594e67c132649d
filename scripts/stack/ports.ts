import { createServer } from 'node:net';
import { StackError } from './stack-error.ts';

/** The ports of a stack by name. */
export type Ports = Record<string, number>;

/** Below the range that Linux takes for outgoing connections, so that nobody takes a server's port while it restarts. */
const LOWEST_FREE = 20_000;
const HIGHEST_FREE = 32_700;

/** The names of a stack's ports, in the order in which `--port-base` counts. */
export function portNames(brokers: number): string[] {
  const names = ['temporal', 'temporal-ui', 'kafka', 'kafka-controller', 'namenode', 'namenode-rpc'];
  names.push('datanode', 'datanode-transfer', 'datanode-ipc', 'zookeeper');
  for (let broker = 2; broker <= brokers; broker++) names.push(`kafka-${broker}`, `kafka-controller-${broker}`);
  for (let broker = 1; broker <= brokers; broker++) names.push(`kafka-proxied-${broker}`, `kafka-proxy-${broker}`);
  return names;
}

/** The ports from `base` on, one a name. */
export function portsFrom(base: number, names: readonly string[]): Ports {
  if (!Number.isInteger(base) || base < 1 || base + names.length - 1 > 65_535) {
    throw new StackError(
      `Port base ${base}: expected a whole number from 1 to ${65_536 - names.length} (${names.length} ports)`,
    );
  }
  return Object.fromEntries(names.map((name, index) => [name, base + index]));
}

/** Whether nobody listens on this port of 127.0.0.1, nor on all addresses. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0'));
}

/**
 * Ports for all names: those that were asked for, checked to be free, the former ones where they still are, else free
 * ones.
 * @throws StackError naming every asked port that is taken
 */
export async function choosePorts(
  names: readonly string[],
  asked: Ports = {},
  former: Ports = {},
  avoid: ReadonlySet<number> = new Set(),
): Promise<Ports> {
  const unknown = Object.keys(asked).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new StackError(`Unknown port names: ${unknown.join(', ')}. A stack has ${names.join(', ')}`);
  }
  const chosen: Ports = {};
  const used = new Set([...avoid, ...Object.values(asked)]);
  const taken: string[] = [];
  for (const name of names) {
    const wanted = asked[name];
    if (wanted !== undefined) {
      if (!(await isFree(wanted))) taken.push(`${name} ${wanted}`);
      chosen[name] = wanted;
      continue;
    }
    const before = former[name];
    const port = before !== undefined && !used.has(before) && (await isFree(before)) ? before : await freePort(used);
    used.add(port);
    chosen[name] = port;
  }
  if (taken.length > 0) {
    throw new StackError(
      `Ports in use by another process: ${taken.join(', ')}. Leave them out to get free ones, or end that process`,
    );
  }
  return chosen;
}

async function freePort(used: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const port = LOWEST_FREE + Math.floor(Math.random() * (HIGHEST_FREE - LOWEST_FREE));
    if (!used.has(port) && (await isFree(port))) return port;
  }
  throw new StackError(`No free port found between ${LOWEST_FREE} and ${HIGHEST_FREE}: name the ports yourself`);
}

async function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
