import type { Tell } from '../../finding.ts';
import type { FileStore } from '../file-store.ts';

const GIB = 1024 ** 3;
/** With less than this no job is worth beginning. */
const LITTLE = GIB;

/** What room there is for a job's own files, by what HDFS has left and by the quotas on the folder and above it. */
export async function tellSpace(store: FileStore, folder: string, tell: Tell, signal: AbortSignal): Promise<void> {
  const { free, quota, nameQuota, replication } = await store.space(folder, signal);
  const copies = replication === undefined ? '' : `, ${replication} ${replication === 1 ? 'copy' : 'copies'} of a file`;
  const room = (bytes: number, of: string, remedy: string): void =>
    bytes < LITTLE
      ? tell({ about: 'space', verdict: 'warning', says: `${folder}: ${of} leaves ${text(bytes)}`, remedy })
      : tell({ about: 'space', verdict: 'fine', says: `${folder}: ${of} leaves ${text(bytes)}${copies}` });
  if (free === undefined && quota === undefined)
    tell({ about: 'space', verdict: 'untold', says: `${folder}: this HDFS doesn't tell what room there is` });
  if (free !== undefined)
    room(free, 'HDFS', 'make room on HDFS, or let staging be elsewhere; a plan of the job tells how much it takes');
  if (quota !== undefined)
    room(
      quota.bytes - quota.used,
      `the quota on ${quota.path}`,
      `raise it: hdfs dfsadmin -setSpaceQuota BYTES ${quota.path}; a plan of the job tells how much it takes`,
    );
  if (nameQuota !== undefined && nameQuota.names - nameQuota.used < 1000)
    tell({
      about: 'space',
      verdict: 'warning',
      says: `${nameQuota.path} may have ${nameQuota.names} files and folders, and has ${nameQuota.used}`,
      remedy: `raise it: hdfs dfsadmin -setQuota NUMBER ${nameQuota.path}`,
    });
}

function text(bytes: number): string {
  return bytes < GIB ? `${Math.max(0, Math.floor(bytes / 1024 ** 2))} MiB` : `${(bytes / GIB).toFixed(1)} GiB`;
}
