import type { Space } from '../../../connections/hdfs/file-store.ts';

/** Quotas of DEST, and those above EXEC alone, which leave no room for a run that has so many pulls; in words. */
export function noRoomFor(dest: Space, exec: Space, pulls: number): string[] {
  const { quota, nameQuota, ...rest } = exec;
  const own: Space = {
    ...rest,
    ...(quota !== undefined && quota.path !== dest.quota?.path && { quota }),
    ...(nameQuota !== undefined && nameQuota.path !== dest.nameQuota?.path && { nameQuota }),
  };
  return [...noRoom(dest, pulls), ...noRoom(own, 0)];
}

/**
 * Quotas that leave no room for a run, in words, with the command that raises them. HDFS takes a whole block of each copy
 * out of a quota before the first byte of a file is written; of names a run takes more than are counted here.
 */
export function noRoom({ quota, nameQuota, replication = 1, blockBytes = 0 }: Space, pulls: number): string[] {
  const found: string[] = [];
  const block = blockBytes * replication;
  // Old NameNodes don't say how large it is.
  const takes = block > 0 ? `${block}` : 'a whole block of each copy';
  if (quota !== undefined && quota.bytes - quota.used < Math.max(1, block))
    found.push(
      `the quota on ${quota.path} leaves ${Math.max(0, quota.bytes - quota.used)} of ${quota.bytes} bytes, and a file takes ${takes} while it is written; raise it: hdfs dfsadmin -setSpaceQuota BYTES ${quota.path}`,
    );
  // Its folder, its plan, and a file of each pull.
  const names = 2 + pulls;
  if (nameQuota !== undefined && nameQuota.names - nameQuota.used < names)
    found.push(
      `the quota on ${nameQuota.path} lets it have ${nameQuota.names} files and folders, it has ${nameQuota.used}, and a run makes more than ${names}; raise it: hdfs dfsadmin -setQuota NUMBER ${nameQuota.path}`,
    );
  return found;
}
