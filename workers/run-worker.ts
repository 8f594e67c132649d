import './one-temporal.ts';
import { resolve } from 'node:path';
import { Client } from '@temporalio/client';
import { Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { ThreadedSplitDecoder } from '../activities/replay/decode/threaded-split-decoder.ts';
import { ConnectionError } from '../connections/connection-error.ts';
import { boundHeap, giveThreadsRoom } from './bounded-heap.ts';
import { ConfigError } from './config-error.ts';
import { loadWorkerConfig, type WorkerConfig } from './config.ts';
import { HealthEndpoint } from './health.ts';
import { HealthOfWorkers } from './health-of-workers.ts';
import { JobGauges } from './job-gauges.ts';
import { lookAround } from './look-around.ts';
import { RewindPlugin } from './plugin.ts';
import { runTogether } from './run-together.ts';
import { assertServes, assertSetApart, servedQueues } from './served-queues.ts';
import { strayVariables } from './stray-variables.ts';
import { exportsMetrics, HEALTH_VARIABLE, runtimeOptions } from './telemetry.ts';
import { connectTemporal, type ConnectedTemporal } from './temporal-connection.ts';
import { workflowCode } from './workflow-code.ts';
import { beginAtZero } from './zero-counters.ts';

/** What a worker serves, once it does. */
export interface ServingWorker {
  taskQueues: string[];
  /** Names of connections by kind. */
  connections: { hdfs: string[]; kafka: string[]; zookeeper: string[] };
}

/**
 * Serves its task queues until SIGTERM or SIGINT; what is in hand is committed, and other workers take over at once.
 *
 * @throws ConfigError, TemporalUnreachableError: each says what to do
 */
export async function runWorker(
  environment: Record<string, string | undefined>,
  ready: (serving: ServingWorker) => void,
): Promise<void> {
  boundHeap();
  const config = loadWorkerConfig(environment);
  const queues = servedQueues(config);
  assertSetApart(config);
  for (const taskQueue of queues.keys()) assertServes(config, taskQueue);
  await usableFunctions(config);
  installRuntime(environment);
  const warn = (line: string): void => void Runtime.instance().logger.warn(line);
  for (const name of strayVariables(environment))
    warn(`${name} is set, and is no variable that Rewind reads (docs/configuration.md)`);
  const health = new HealthOfWorkers();
  const address = environment[HEALTH_VARIABLE];
  const endpoint = address === undefined ? undefined : await HealthEndpoint.open(address, () => health.look());
  try {
    const temporal = await connectTemporal();
    try {
      health.connected(temporal.connection);
      await serve(config, queues, temporal, health, exportsMetrics(environment), ready);
    } finally {
      await temporal.connection.close();
    }
  } finally {
    await endpoint?.close();
  }
}

async function serve(
  config: WorkerConfig,
  queues: ReadonlyMap<string, boolean>,
  temporal: ConnectedTemporal,
  health: HealthOfWorkers,
  tellsMetrics: boolean,
  ready: (serving: ServingWorker) => void,
): Promise<void> {
  const { connection, namespace } = temporal;
  const plugin = new RewindPlugin({ config });
  const workers: Worker[] = [];
  const gauges: JobGauges[] = [];
  const { logger, metricMeter } = Runtime.instance();
  for (const [taskQueue, withWorkflows] of queues) {
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue,
      ...(withWorkflows ? workflowCode() : {}),
      plugins: [plugin],
      ...limits(config),
    });
    workers.push(worker);
    health.add(taskQueue, worker);
    beginAtZero(metricMeter, { steps: plugin.steps, namespace, taskQueue });
    if (withWorkflows && tellsMetrics)
      gauges.push(new JobGauges(new Client({ connection, namespace }), taskQueue, metricMeter));
  }
  giveThreadsRoom();
  const { hdfs, kafka, zookeeper } = config;
  const connections = {
    hdfs: Object.keys(hdfs),
    kafka: Object.keys(kafka),
    zookeeper: Object.keys(zookeeper),
  };
  ready({ taskQueues: [...queues.keys()], connections });
  const ended = new AbortController();
  const serving = runTogether(workers).finally(() => ended.abort());
  const log = {
    info: (line: string): void => void logger.info(line),
    warn: (line: string): void => void logger.warn(line),
  };
  const looking = lookAround(config, temporal, log, ended.signal).catch((error: unknown) => {
    log.warn(`The connections can't be examined: ${(error as Error).stack}`);
  });
  const telling = gauges.map((each) => each.run(ended.signal, log.warn));
  await Promise.all([serving, looking, ...telling]);
}

async function usableFunctions({ functions, hdfs, recordTimeoutMs }: WorkerConfig): Promise<void> {
  if (functions === undefined) return;
  // In a thread that is watched: a module whose top level never ends must not hang the start.
  const thread = new ThreadedSplitDecoder({ threads: 1, hdfs, recordTimeoutMs });
  try {
    await thread.functions(resolve(functions));
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    throw new ConfigError(sentence(error.message), undefined, error);
  } finally {
    await thread.close();
  }
}

function installRuntime(environment: Record<string, string | undefined>): void {
  const options = runtimeOptions(environment);
  try {
    Runtime.install(options);
  } catch (error) {
    throw new ConfigError(
      `The worker's metrics can't be served: ${(error as Error).message}.`,
      'Correct REWIND_METRICS_PROMETHEUS or REWIND_METRICS_OTLP: is the address one of this machine, and the port free?',
      error,
    );
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function limits({ threads }: WorkerConfig): Partial<WorkerOptions> {
  return {
    // The decode threads are the limit of the machine; a few slots more keep publishing and short steps going.
    maxConcurrentActivityTaskExecutions: threads + 16,
    // A frozen process still holds its polls, and each swallows a task until that times out: so there are few.
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
    workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
    // Steps stop by themselves when they are told, at the end of the transaction in hand.
    shutdownGraceTime: 0,
    shutdownForceTime: '30 seconds',
    // Cancelling and pausing reach a step with the answer to its heartbeat.
    maxHeartbeatThrottleInterval: '2 seconds',
    // So long a job waits for the workflow task that it offers to a worker that has died.
    stickyQueueScheduleToStartTimeout: '3 seconds',
  };
}
