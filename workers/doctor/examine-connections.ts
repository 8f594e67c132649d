import { examineHdfs } from '../../connections/hdfs/examine/examine-hdfs.ts';
import { describeKafka } from '../../connections/kafka/config.ts';
import { examineKafka } from '../../connections/kafka/examine/examine-kafka.ts';
import { examineRegistry } from '../../connections/registry/examine-registry.ts';
import { describeZooKeeper } from '../../connections/zookeeper/config.ts';
import { examineZooKeeper } from '../../connections/zookeeper/examine-zookeeper.ts';
import type { WorkerConnections } from '../connection-variables.ts';
import { cappedHdfs, cappedKafka, cappedRegistry, cappedZooKeeper } from './capped.ts';
import { examinedWithin, type Examined } from './examined.ts';
import { NEEDED_BY_ANY, type Needed } from './needed-by-job.ts';

export interface ExaminationLimits {
  /** Milliseconds for each connection; all are examined side by side. */
  limitMs: number;
  /** Ends the examination before. */
  signal: AbortSignal;
}

/**
 * Examines every connection of a worker: each server reached, its version and clock, rights, and room. With a job its
 * rights are asked of the connections that it names.
 */
export async function examineConnections(
  { hdfs, kafka, zookeeper, registry }: WorkerConnections,
  job: Needed | undefined,
  { limitMs, signal }: ExaminationLimits,
): Promise<Examined[]> {
  const within = (of: Omit<Examined, 'findings'>, examine: Parameters<typeof examinedWithin>[2]): Promise<Examined> =>
    examinedWithin(limitMs, of, examine, signal);
  const examined = await Promise.all([
    ...Object.entries(hdfs).map(([name, config]) =>
      within({ kind: 'hdfs', name, server: config.urls.join(', ') }, (tell, until) => {
        const questions = job?.hdfs.name === name ? job.hdfs.questions : NEEDED_BY_ANY.hdfs;
        return examineHdfs(cappedHdfs(config, limitMs), questions, tell, until);
      }),
    ),
    ...Object.entries(kafka).map(([name, config]) =>
      within({ kind: 'kafka', name, server: describeKafka(config) }, async (tell, until) => {
        const asked = job?.kafka.name === name;
        const questions = asked ? job.kafka.questions : NEEDED_BY_ANY.kafka;
        await examineKafka(cappedKafka(config, limitMs), questions, tell, until);
        if (asked) for (const says of job.unasked) tell({ about: 'rights', verdict: 'untold', says });
      }),
    ),
    ...Object.entries(zookeeper).map(([name, config]) =>
      within({ kind: 'zookeeper', name, server: describeZooKeeper(config) }, (tell, until) => {
        const groups = job?.zookeeper?.name === name ? job.zookeeper.groups : [];
        return examineZooKeeper(cappedZooKeeper(config, limitMs), { groups }, tell, until);
      }),
    ),
    ...Object.entries(registry).map(([name, config]) =>
      within({ kind: 'registry', name, server: config.urls.join(', ') }, (tell, until) =>
        examineRegistry(cappedRegistry(config, limitMs), tell, until),
      ),
    ),
  ]);
  return [...examined, ...missing({ hdfs, kafka, zookeeper, registry }, job)];
}

/** Connections that the job names and the worker doesn't have. */
function missing(connections: WorkerConnections, job: Needed | undefined): Examined[] {
  const named = [
    ['hdfs', job?.hdfs.name],
    ['kafka', job?.kafka.name],
    ['zookeeper', job?.zookeeper?.name],
    ['registry', job?.registry],
  ] as const;
  return named.flatMap(([kind, name]): Examined[] => {
    if (name === undefined || name in connections[kind]) return [];
    const says = `the job uses ${kind}.${name}, and this worker has no such connection`;
    const remedy = `configure connections.${kind}.${name} (docs/configuration.md), or name another one in the job's connections`;
    return [{ kind, name, server: 'none', findings: [{ about: 'reached', verdict: 'fault', says, remedy }] }];
  });
}
