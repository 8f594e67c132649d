import { ConnectionError } from '../connection-error.ts';
import { pathProblem } from './node-path.ts';

export interface ServerAddress {
  /** Name or address; an IPv6 address without brackets. */
  host: string;
  port: number;
}

const DEFAULT_PORT = 2181;
const ADDRESS = /^(?:\[(?<six>[0-9a-fA-F:.%]+)\]|(?<host>[^\s:[\]/@]+))(?::(?<port>\d{1,5}))?$/;

/**
 * Servers and chroot of a connection string as Kafka and ZooKeeper write them, `h1:2181,h2:2181/chroot`, where the
 * chroot may also be given apart.
 */
export function parseAddresses(
  hosts: string | readonly string[],
  chroot: string | undefined,
  where: string,
): { servers: ServerAddress[]; chroot: string } {
  const list = typeof hosts === 'string' ? hosts : hosts.join(',');
  const slash = list.indexOf('/');
  const servers = (slash < 0 ? list : list.slice(0, slash))
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => parseAddress(part, where));
  if (servers.length === 0) throw wrong(where, 'hosts', 'names no server; expected host:port, as zk1:2181');

  const suffix = slash < 0 ? undefined : trimChroot(list.slice(slash).trim());
  const apart = chroot === undefined ? undefined : trimChroot(chroot.trim());
  if (suffix !== undefined && apart !== undefined && suffix !== apart)
    throw wrong(where, 'chroot', `is '${apart}', but hosts end with '${suffix}'; give it once`);
  const path = apart ?? suffix ?? '';
  const problem = path === '' ? undefined : pathProblem(path);
  if (problem !== undefined)
    throw wrong(where, 'chroot', `'${path}' is no path of a node: ${problem}; the chroot comes once, after all hosts`);
  return { servers, chroot: path };
}

function parseAddress(part: string, where: string): ServerAddress {
  const groups = ADDRESS.exec(part)?.groups;
  const port = groups?.port === undefined ? DEFAULT_PORT : Number(groups.port);
  const host = groups?.six ?? groups?.host;
  if (host === undefined || port < 1 || port > 65_535)
    // An address with an @ may hold a password.
    throw wrong(where, 'hosts', `${part.includes('@') ? 'an entry with an @' : `'${part}'`} is not host:port`);
  return { host, port };
}

/** `/` and nothing mean the root. */
function trimChroot(path: string): string {
  return path === '/' ? '' : path;
}

function wrong(where: string, field: string, problem: string): ConnectionError {
  return new ConnectionError('configuration', `${where}.${field}: ${problem}`, { where, field });
}
