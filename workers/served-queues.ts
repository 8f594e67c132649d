import { ConfigError } from './config-error.ts';
import type { WorkerConfig } from './config.ts';

/** Task queues that this process serves, and whether it runs the workflows there. */
export function servedQueues({
  taskQueue,
  decodeTaskQueue,
  publishTaskQueue,
  serves,
}: WorkerConfig): Map<string, boolean> {
  const queues = { workflows: taskQueue, decode: decodeTaskQueue ?? taskQueue, publish: publishTaskQueue ?? taskQueue };
  const served = new Map<string, boolean>();
  for (const role of serves) served.set(queues[role], served.get(queues[role]) === true || role === 'workflows');
  return served;
}

/**
 * Throws where a worker on this task queue would take steps that it can't do, and so fail the jobs of others. Steps
 * that decode need HDFS alone; all others need Kafka too.
 *
 * @throws ConfigError
 */
export function assertServes(config: WorkerConfig, taskQueue: string): void {
  const onlyDecodes = config.decodeTaskQueue === taskQueue && config.taskQueue !== taskQueue;
  const needed = onlyDecodes && config.publishTaskQueue !== taskQueue ? ['hdfs'] : ['hdfs', 'kafka'];
  const missing = needed.filter((kind) => Object.keys(config[kind as 'hdfs' | 'kafka']).length === 0);
  if (missing.length === 0) return;
  const [names, variables] = [missing.map((kind) => NAMES[kind]), missing.map((kind) => VARIABLES[kind])];
  throw new ConfigError(
    `This worker has no connection to ${names.join(' and ')}, and would fail every job on the task queue ${taskQueue}.`,
    `Set ${variables.join(' and ')}, or connections in the file that REWIND_CONFIG names (docs/configuration.md). A worker that decodes alone, on a task queue of its own, needs HDFS only.`,
  );
}

const NAMES: Record<string, string> = { hdfs: 'HDFS', kafka: 'Kafka' };
const VARIABLES: Record<string, string> = { hdfs: 'REWIND_HDFS_URL', kafka: 'REWIND_KAFKA_BROKERS' };

/**
 * Throws where the process serves a role by name without a task queue for it: it would be given every step of the
 * common one.
 *
 * @throws ConfigError
 */
export function assertSetApart(config: WorkerConfig): void {
  if (config.serves.includes('workflows')) return;
  for (const [role, queue, variable] of [
    ['decode', config.decodeTaskQueue, 'REWIND_DECODE_TASK_QUEUE'],
    ['publish', config.publishTaskQueue, 'REWIND_PUBLISH_TASK_QUEUE'],
  ] as const)
    if (config.serves.includes(role) && (queue === undefined || queue === config.taskQueue))
      throw new ConfigError(
        `This worker is to ${role} alone, and the task queue of that is the common one, ${config.taskQueue}: it would be given every step.`,
        `Set ${variable} to a task queue of its own, the same on all workers; or let this worker serve workflows too (REWIND_SERVES).`,
      );
}
