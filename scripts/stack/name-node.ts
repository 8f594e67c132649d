import { join } from 'node:path';
import { formatOnce } from './format-once.ts';
import { HDFS_USER, hadoopDaemon, writeHadoopConfiguration } from './hadoop.ts';
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
      await getJson(
        `http://127.0.0.1:${hadoop.ports.namenode}/webhdfs/v1/?op=LISTSTATUS&user.name=${HDFS_USER}`,
        signal,
      );
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
