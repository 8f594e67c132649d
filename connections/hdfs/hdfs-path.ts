import { ConnectionError } from '../connection-error.ts';

/**
 * Segments of an absolute, decoded path: none for the root. Several slashes count as one, as in Hadoop's `Path`.
 *
 * @throws ConnectionError 'refused' for a path that HDFS can't have (`DFSUtil.isValidName`)
 */
export function pathSegments(path: string): string[] {
  if (!path.startsWith('/')) throw badPath(path, 'expected an absolute path');
  const segments = path.split('/').filter((segment) => segment !== '');
  for (const segment of segments) {
    if (segment === '.' || segment === '..') throw badPath(path, `expected a path without the segment '${segment}'`);
    if (segment.includes('\0')) throw badPath(path, 'expected a path without NUL');
    if (/\p{Surrogate}/u.test(segment)) throw badPath(path, 'expected Unicode text, found half of a surrogate pair');
  }
  return segments;
}

/** The path in the one form in which Rewind writes it: no empty segments, no slash at its end. */
export function normalizePath(path: string): string {
  return `/${pathSegments(path).join('/')}`;
}

/** A child's path. */
export function joinPath(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

/** The directory above a normalized path; undefined for the root. */
export function parentPath(path: string): string | undefined {
  if (path === '/') return undefined;
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** Last segment of a normalized path; empty for the root. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the path of every request to WebHDFS begins with; a gateway may have others. */
export const WEBHDFS_ROOT = '/webhdfs/v1/';

/** A path and a query as WebHDFS takes them. `+` for a space is form encoding, which not every gateway undoes in a query. */
export function webHdfsTarget(path: string, query: URLSearchParams): string {
  return `${webHdfsPath(path)}?${query.toString().replaceAll('+', '%20')}`;
}

/** A path as WebHDFS takes it, each segment encoded by itself, so that `%2e%2e%2f` stays a name. */
export function webHdfsPath(path: string): string {
  return `${WEBHDFS_ROOT}${pathSegments(path).map(encodeURIComponent).join('/')}`;
}

function badPath(path: string, expected: string): ConnectionError {
  return new ConnectionError('refused', `${JSON.stringify(path)} is no HDFS path: ${expected}; correct the path`, {
    path,
  });
}
