import { z } from 'zod';
import { ConnectionError } from '../../connection-error.ts';
import type { FileStatus } from '../file-store.ts';
import { joinPath } from '../hdfs-path.ts';

/** What WebHDFS says of a path; `fileId` survives a rename, and gateways leave it out. */
const statusShape = z.object({
  pathSuffix: z.string(),
  type: z.enum(['FILE', 'DIRECTORY', 'SYMLINK']),
  length: z.int().min(0),
  modificationTime: z.int(),
  fileId: z.int().optional(),
  permission: z.string().optional(),
  owner: z.string().optional(),
});

export type RemoteStatus = z.infer<typeof statusShape>;

export const oneStatusShape = z.object({ FileStatus: statusShape });
export const statusesShape = z.object({ FileStatuses: z.object({ FileStatus: z.array(statusShape) }) });
export const pageShape = z.object({
  DirectoryListing: z.object({ partialListing: statusesShape, remainingEntries: z.int().min(0) }),
});
export const homeShape = z.object({ Path: z.string().startsWith('/') });
export const booleanShape = z.object({ boolean: z.boolean() });

/** @throws ConnectionError 'refused' for an answer of another shape, or a symbolic link, which nothing here follows */
export function toFileStatus(directory: string, remote: RemoteStatus): FileStatus {
  const path = remote.pathSuffix === '' ? directory : joinPath(directory, remote.pathSuffix);
  if (remote.type === 'SYMLINK')
    throw new ConnectionError('refused', `${path} is a symbolic link; name its target instead`, { path });
  const kind = remote.type === 'FILE' ? 'file' : 'directory';
  const { permission: rights, owner, modificationTime: modifiedAt } = remote;
  const known = { ...(rights !== undefined && { rights }), ...(owner !== undefined && { owner }) };
  return { path, kind, length: kind === 'file' ? remote.length : 0, modifiedAt, ...known };
}

/** Checks an answer's shape. */
export function parseAnswer<T>(shape: z.ZodType<T>, value: unknown, doing: string, path: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path: field = [], message = '' } = parsed.error.issues[0] ?? {};
  throw new ConnectionError(
    'refused',
    `${doing} failed: the answer is not what WebHDFS answers: ${field.join('.')}: ${message}; check that urls names a WebHDFS server`,
    { path },
    parsed.error,
  );
}
