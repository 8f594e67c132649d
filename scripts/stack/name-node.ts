import { join } from 'node:path';
import { formatOnce } from './format-once.ts';
import { HDFS_SUPERUSER, HDFS_USER, hadoopDaemon, writeHadoopConfiguration } from './hadoop.ts';
import type { Hadoop } from './hadoop.ts';
import { runCommand } from './run-command.ts';
import type { ServerPlan } from './server-plan.ts';

const MAIN_CLASS = 'org.apache.hadoop.hdfs.server.namenode.NameNode';

/** The NameNode, with WebHDFS. */
export function nameNode(hadoop: Hadoop): ServerPlan {
  return {
    name: 'namenode',
    ...hadoopDaemon(hadoop, MAIN_CLASS),
    dependents: ['datanode'],
    async prepare() {
      writeHadoopConfiguration(hadoop);
      await formatOnce(hadoop.folder, join(hadoop.folder, 'name'), () =>
        runCommand({
          purpose: 'format the NameNode',
          ...hadoopDaemon(hadoop, MAIN_CLASS, ['-format', '-force', '-nonInteractive']),
          logFile: join(hadoop.folder, 'format.log'),
        }),
      );
    },
    async probe(signal) {
      await openToUsers(`http://127.0.0.1:${hadoop.ports.namenode}/webhdfs/v1`, signal);
    },
  };
}

/** A JSON answer of a Hadoop web server. */
export async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${url} answers with HTTP ${response.status}`);
  }
  return response.json();
}

/** Anybody may make folders in the root, and delete their own there; the user of workers has a home. */
const OPEN = '1777';

/** Lets others than the superuser in, once: a NameNode that was just formatted has a root of the superuser's. */
async function openToUsers(url: string, signal: AbortSignal): Promise<void> {
  const as = `user.name=${HDFS_SUPERUSER}`;
  const { FileStatus: root } = (await getJson(`${url}/?op=GETFILESTATUS&${as}`, signal)) as {
    FileStatus: { permission: string; owner: string };
  };
  // One that an older release has formatted belongs to the user of workers.
  if (root.permission === OPEN || root.owner !== HDFS_SUPERUSER) return;
  const home = `/user/${HDFS_USER}`;
  await putJson(`${url}${home}?op=MKDIRS&permission=755&${as}`, signal);
  await putJson(`${url}${home}?op=SETOWNER&owner=${HDFS_USER}&${as}`, signal);
  await putJson(`${url}/?op=SETPERMISSION&permission=${OPEN}&${as}`, signal);
}

async function putJson(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { method: 'PUT', signal });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${url} answers with HTTP ${response.status}`);
}
