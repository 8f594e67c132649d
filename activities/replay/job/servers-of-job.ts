import type { JobServers } from '../../step/job-servers.ts';
import type { ReplayJob } from './replay-job.ts';

/** The servers that must answer before the job begins. */
export function serversOfJob({ connections, replayTopic, offsets }: ReplayJob): JobServers {
  const { hdfs, kafka, zookeeper } = connections;
  const commitsThere = offsets.group !== undefined && offsets.zookeeper;
  return { hdfs, kafka: { name: kafka, topic: replayTopic.name }, zookeeper: commitsThere ? zookeeper : undefined };
}
