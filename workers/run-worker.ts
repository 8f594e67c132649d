import './one-temporal.ts';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { loadWorkerConfig, type WorkerConfig } from './config.ts';
import { RewindPlugin } from './plugin.ts';
import { runtimeOptions } from './telemetry.ts';
import { workflowCode } from './workflow-code.ts';

/** Serves its task queues until SIGTERM or SIGINT; what is in hand is committed, and other workers take over at once. */
async function run(): Promise<void> {
  const config = loadWorkerConfig(process.env);
  const { connectionOptions, namespace } = loadClientConnectConfig();
  Runtime.install(runtimeOptions(process.env));
  const connection = await NativeConnection.connect(connectionOptions);
  try {
    const plugin = new RewindPlugin({ config });
    const workers: Worker[] = [];
    for (const [taskQueue, withWorkflows] of taskQueues(config))
      workers.push(
        await Worker.create({
          connection,
          ...(namespace === undefined ? {} : { namespace }),
          taskQueue,
          ...(withWorkflows ? workflowCode() : {}),
          plugins: [plugin],
          ...limits(config),
        }),
      );
    console.log(`Rewind worker ready on task queue ${[...taskQueues(config).keys()].join(', ')}`);
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await connection.close();
  }
}

/** The task queues that this process serves, and whether it runs the workflows there. */
function taskQueues({ taskQueue, decodeTaskQueue, publishTaskQueue, serves }: WorkerConfig): Map<string, boolean> {
  const queues = { workflows: taskQueue, decode: decodeTaskQueue ?? taskQueue, publish: publishTaskQueue ?? taskQueue };
  const served = new Map<string, boolean>();
  for (const role of serves) served.set(queues[role], served.get(queues[role]) === true || role === 'workflows');
  return served;
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

run().catch((error: unknown) => {
  console.error(error instanceof Error && error.name === 'ConfigError' ? error.message : error);
  process.exit(1);
});
