import { loadWorkerConfig, type WorkerConfig } from '../config.ts';
import { assertServes, assertSetApart, servedQueues } from '../served-queues.ts';
import { doctorReport, type DoctorReport } from './doctor-report.ts';
import { examineConnections, type ExaminationLimits } from './examine-connections.ts';
import { examinedWithin, type Examined } from './examined.ts';
import { examineTemporal, type TemporalServices } from './examine-temporal.ts';
import { neededByJob } from './needed-by-job.ts';

/** Opens Temporal for as long as it is examined; where that fails, says so. */
export type WithTemporal = (
  examine: (services: TemporalServices, at: { namespace: string; address: string }) => Promise<Examined>,
) => Promise<Examined | { says: string; remedy: string }>;

/**
 * Examines all that a worker with this environment would use, and for a job what that needs.
 *
 * @param job - input of a replay, an archive, a job of ranges or a verify
 * @throws ConfigError with which the worker would not start; JobError 'input-invalid'
 */
export async function examineAll(
  environment: Record<string, string | undefined>,
  job: Record<string, unknown> | undefined,
  limits: ExaminationLimits,
  withTemporal: WithTemporal,
): Promise<DoctorReport> {
  const config = loadWorkerConfig(environment);
  assertSetApart(config);
  for (const taskQueue of servedQueues(config).keys()) assertServes(config, taskQueue);
  const needed = job === undefined ? undefined : neededByJob(job, config);
  const [temporal, connections] = await Promise.all([
    temporalOf(config, limits, withTemporal),
    examineConnections(config, needed, limits),
  ]);
  return doctorReport([temporal, ...connections]);
}

async function temporalOf(
  config: WorkerConfig,
  { limitMs, signal }: ExaminationLimits,
  withTemporal: WithTemporal,
): Promise<Examined> {
  const taskQueues = taskQueuesOfJobs(config);
  const examined = await withTemporal((services, { namespace, address }) =>
    examinedWithin(
      limitMs,
      { kind: 'temporal', name: namespace, server: address },
      (tell) => examineTemporal(services, { namespace, taskQueues }, tell),
      signal,
    ),
  );
  if ('findings' in examined) return examined;
  const findings: Examined['findings'] = [{ about: 'reached', verdict: 'fault', ...examined }];
  return { kind: 'temporal', name: 'server', server: 'not reached', findings };
}

/** Those that the steps of jobs wait in, and whether workflows do. */
function taskQueuesOfJobs({ taskQueue, decodeTaskQueue, publishTaskQueue }: WorkerConfig): Map<string, boolean> {
  const apart = [decodeTaskQueue, publishTaskQueue].filter((queue) => queue !== undefined && queue !== taskQueue);
  return new Map([[taskQueue, true], ...apart.map((queue): [string, boolean] => [queue!, false])]);
}
