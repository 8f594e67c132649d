import { z } from 'zod';
import { ConnectionError } from '../connection-error.ts';

/** Where an HDFS is and how to log in; made by `parseHdfsConfig`. Holds no secret, only the name of a token's file. */
export interface HdfsConfig {
  /** NameNodes (or HttpFS gateways), tried in this order: `http://host:port` or `https://host:port`. */
  urls: readonly string[];
  /** Sent as `user.name`, for clusters without Kerberos. Without it and a token the NameNode's default user acts. */
  user?: string;
  /**
   * File with a delegation token, in place of `user`: as text (what GETDELEGATIONTOKEN answers as `urlString`), or a
   * token file of `hdfs fetchdt`. Read again whenever it has changed.
   */
  delegationTokenFile?: string;
  /** PEM file with the certificates to trust, in place of Node's own list. */
  ca?: string;
  /**
   * Where to connect to instead: `host` or `host:port` as the cluster says it, to `host` or `host:port` as it can be
   * reached from here. Certificates are checked against the name that the cluster says.
   */
  hostMap?: Readonly<Record<string, string>>;
  timeouts: {
    /** Connecting, TLS included. @default 10000 */
    connectMs: number;
    /** From a request to the head of its answer; from the last byte written to the answer of a write. @default 30000 */
    answerMs: number;
    /** Longest pause within a body, in either direction. @default 30000 */
    idleMs: number;
  };
  /** Bounds connections to each host, for reads and for writes apart. @default 16 */
  connectionsPerHost: number;
  /** Passes over the NameNodes before a call gives up on an error that can mend itself. @default 3 */
  attempts: number;
}

const milliseconds = z.int().min(1).max(600_000);
const HOST = /^[^\s/@:]+(:\d{1,5})?$/;

const configShape = z
  .strictObject({
    urls: z
      .array(z.string().superRefine((url, context) => checkUrl(url, (message) => context.addIssue(message))))
      .min(1, 'give at least one NameNode, as http://namenode:9870'),
    user: z.string().min(1).optional(),
    delegationTokenFile: z.string().min(1).optional(),
    ca: z.string().min(1).optional(),
    hostMap: z
      .record(
        z.string().regex(HOST, 'expected host or host:port'),
        z.string().regex(HOST, 'expected host or host:port'),
      )
      .optional(),
    timeouts: z
      .strictObject({
        connectMs: milliseconds.default(10_000),
        answerMs: milliseconds.default(30_000),
        idleMs: milliseconds.default(30_000),
      })
      .prefault({}),
    connectionsPerHost: z.int().min(1).max(1024).default(16),
    attempts: z.int().min(1).max(100).default(3),
  })
  .refine((config) => config.user === undefined || config.delegationTokenFile === undefined, {
    path: ['user'],
    message: 'give either user or delegationTokenFile: a token names its user itself',
  });

/**
 * Checks the configuration of one HDFS connection and fills in the defaults.
 *
 * @param where - names the value in messages, as `connections.hdfs.default`
 * @throws ConnectionError 'configuration' naming every wrong field at once
 */
export function parseHdfsConfig(value: unknown, where: string): HdfsConfig {
  const parsed = configShape.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${[where, ...issue.path].join('.')}: ${issue.message}`);
    throw new ConnectionError('configuration', problems.join('; '), { where });
  }
  const { urls, user, delegationTokenFile, ca, hostMap, ...rest } = parsed.data;
  return {
    ...rest,
    urls: [...new Set(urls.map((url) => new URL(url).origin))],
    ...(user === undefined ? {} : { user }),
    ...(delegationTokenFile === undefined ? {} : { delegationTokenFile }),
    ...(ca === undefined ? {} : { ca }),
    ...(hostMap === undefined ? {} : { hostMap }),
  };
}

// The value itself stays out of the messages: people put passwords into URLs.
function checkUrl(text: string, report: (message: string) => void): void {
  if (!URL.canParse(text)) return report('expected http://host:port or https://host:port, found no URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    report(
      `expected http:// or https://, found ${url.protocol}//; WebHDFS is not the RPC address (dfs.namenode.http-address)`,
    );
  else if (url.username !== '' || url.password !== '')
    report('holds a user or password; use the field user or delegationTokenFile');
  else if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    report('expected nothing after the port; /webhdfs/v1 is added');
}
