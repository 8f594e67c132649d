import { ConnectionError } from '../../connection-error.ts';
import type { AnswerContext } from './answer.ts';
import { WEBHDFS_ROOT, webHdfsPath } from '../hdfs-path.ts';

/** Where a NameNode sends for the data. Its query may hold a token: never shown. */
export interface Redirect {
  origin: string;
  host: string;
  /** Path and query, encoded. */
  target: string;
}

const LOCATION = /^(https?):\/\/([^/?#@]+)(\/[^#]*)$/i;

/** @throws ConnectionError 'refused' where the data would leave the cluster's encryption, or nothing usable is there */
export function parseRedirect(location: string | string[] | undefined, context: AnswerContext): Redirect {
  const { doing, server, path } = context;
  const [, scheme = '', authority = '', target = ''] = (typeof location === 'string' && LOCATION.exec(location)) || [];
  const origin = `${scheme.toLowerCase()}://${authority}`;
  if (target === '' || !URL.canParse(origin))
    throw new ConnectionError(
      'refused',
      `${doing} at ${server} failed: expected a redirect to a DataNode, found none in its answer; check that urls names a WebHDFS server`,
      { path, server },
    );
  if (server.startsWith('https:') && scheme.toLowerCase() !== 'https')
    throw new ConnectionError(
      'refused',
      `${doing} at ${server} failed: it sends to ${origin} without encryption; set dfs.http.policy to HTTPS_ONLY, or use the http address`,
      { path, server, redirect: origin },
    );
  const { origin: normal, hostname } = new URL(origin);
  return { origin: normal, host: hostname, target: withOwnPath(target, path) };
}

/**
 * A NameNode loses some names on their way into the redirect: it composes accents (Unicode NFC), older ones take `+`
 * and `%` apart (HDFS-14423). The path is what we asked for, so it goes on as we wrote it; only what a gateway has
 * rewritten stays as it came.
 */
function withOwnPath(target: string, path: string): string {
  const query = target.indexOf('?');
  if (target.startsWith(WEBHDFS_ROOT)) return webHdfsPath(path) + (query < 0 ? '' : target.slice(query));
  return target.replace(/[^\x21-\x7e]+/gu, encodeURIComponent);
}
