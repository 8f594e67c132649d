import { hadoopDaemon, writeHadoopConfiguration } from './hadoop.ts';
import type { Hadoop } from './hadoop.ts';
import { getJson } from './name-node.ts';
import type { ServerPlan } from './server-plan.ts';

/** The DataNode. It answers when the NameNode counts on it: registered, and out of safe mode. */
export function dataNode(hadoop: Hadoop): ServerPlan {
  return {
    name: 'datanode',
    ...hadoopDaemon(hadoop, 'org.apache.hadoop.hdfs.server.datanode.DataNode'),
    async prepare() {
      writeHadoopConfiguration(hadoop);
    },
    async probe(signal) {
      const { ports } = hadoop;
      const own = await bean(ports.datanode, 'Hadoop:service=DataNode,name=DataNodeInfo', signal);
      const actors = JSON.parse(String(own['BPServiceActorInfo'])) as { ActorState: string; NamenodeAddress: string }[];
      const actor = actors[0];
      if (actor?.ActorState !== 'RUNNING') throw new Error(`not registered with the NameNode: ${actor?.ActorState}`);
      const cluster = await bean(ports.namenode, 'Hadoop:service=NameNode,name=NameNodeInfo', signal);
      if (cluster['Safemode'] !== '') throw new Error(String(cluster['Safemode']));
      const live = Object.values(JSON.parse(String(cluster['LiveNodes'])) as Record<string, { lastContact: number }>);
      const contact = live[0]?.lastContact;
      // A DataNode that was killed is in the list until it is declared dead; its last contact tells.
      if (contact === undefined || contact > 3) {
        throw new Error(
          contact === undefined ? 'the NameNode knows no live DataNode' : `last contact ${contact} s ago`,
        );
      }
    },
  };
}

async function bean(port: number, name: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const answer = await getJson(`http://127.0.0.1:${port}/jmx?qry=${name}`, signal);
  const first = (answer as { beans: Record<string, unknown>[] }).beans[0];
  if (first === undefined) throw new Error(`the server on port ${port} has no bean ${name} yet`);
  return first;
}
