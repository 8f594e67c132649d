import { z } from 'zod';
import { ConnectionError } from '../connection-error.ts';
import { readTextFile } from '../text-file.ts';
import { parseAddresses } from './addresses.ts';
import type { ServerAddress } from './addresses.ts';

/** Where a ZooKeeper ensemble is and how to log in; made by `parseZooKeeperConfig`. Holds no readable secret. */
export interface ZooKeeperConfig {
  servers: readonly ServerAddress[];
  /** Node below which every path lies, as `/kafka`; empty for the root. */
  chroot: string;
  /** Asked for; the server has the last word. @default 30000 */
  sessionTimeoutMs: number;
  /** Bounds connecting, all servers tried, log-in included. @default 15000 */
  connectTimeoutMs: number;
  /** Bounds each request. @default 30000 */
  requestTimeoutMs: number;
  /** Largest request that the servers take: their `jute.maxbuffer`. @default 1048575 */
  maxRequestBytes: number;
  auth?: DigestLogin;
}

export interface DigestLogin {
  scheme: 'digest';
  username: string;
  /** A function, so that printing the configuration does not print the password; read again for each connection. */
  readPassword: () => Promise<string>;
}

const milliseconds = z.int().min(1).max(600_000);
const secret = z.string().min(1);

const authShape = z
  .strictObject({
    scheme: z.literal('digest'),
    // The digest scheme sends `username:password`.
    username: z
      .string()
      .min(1)
      .regex(/^[^:]*$/, 'must not hold a colon'),
    password: secret.optional(),
    passwordFile: z.string().min(1).optional(),
  })
  .refine((auth) => (auth.password === undefined) !== (auth.passwordFile === undefined), {
    message: 'give exactly one of password and passwordFile',
  });

const configShape = z.strictObject({
  hosts: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
    error: "expected 'host1:2181,host2:2181/chroot', or a list of hosts",
  }),
  chroot: z.string().optional(),
  sessionTimeoutMs: milliseconds.default(30_000),
  connectTimeoutMs: milliseconds.default(15_000),
  requestTimeoutMs: milliseconds.default(30_000),
  maxRequestBytes: z.int().min(1024).max(0x7fffffff).default(0xfffff),
  auth: authShape.optional(),
});

/**
 * Checks the configuration of one ZooKeeper connection: `hosts` is `'h1:2181,h2:2181/chroot'`, or hosts with a
 * `chroot` beside them.
 *
 * @param where - names the value in messages, as `connections.zookeeper.default`
 * @throws ConnectionError 'configuration' naming every wrong field at once, never a password
 */
export function parseZooKeeperConfig(value: unknown, where: string): ZooKeeperConfig {
  const parsed = configShape.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${[where, ...issue.path].join('.')}: ${issue.message}`);
    throw new ConnectionError('configuration', problems.join('; '), { where });
  }
  const { hosts, chroot, auth, ...rest } = parsed.data;
  const addresses = parseAddresses(hosts, chroot, where);
  return auth === undefined ? { ...rest, ...addresses } : { ...rest, ...addresses, auth: digestLogin(auth, where) };
}

function digestLogin(auth: z.infer<typeof authShape>, where: string): DigestLogin {
  const { scheme, username, password, passwordFile } = auth;
  const readPassword =
    passwordFile === undefined
      ? async () => password ?? ''
      : () => readSecret(passwordFile, `${where}.auth.passwordFile`);
  return { scheme, username, readPassword };
}

async function readSecret(file: string, where: string): Promise<string> {
  const text = (await readTextFile(file, where)).toString();
  // Editors and `echo` end a file with a newline that is no part of the password.
  const password = text.replace(/\r?\n$/, '');
  if (password === '') throw new ConnectionError('configuration', `${where}: ${file} is empty`, { where, file });
  return password;
}

/** Address for messages: servers and chroot, no log-in. */
export function describeZooKeeper(config: Pick<ZooKeeperConfig, 'servers' | 'chroot'>): string {
  const servers = config.servers.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  return `ZooKeeper ${servers.join(',')}${config.chroot}`;
}
