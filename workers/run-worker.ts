import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { loadWorkerConfig } from './config.ts';
import { RewindPlugin } from './plugin.ts';
import { workflowCode } from './workflow-code.ts';

/** Serves a task queue until SIGTERM or SIGINT; what is in hand is committed, and other workers take over at once. */
async function run(): Promise<void> {
  const config = loadWorkerConfig(process.env);
  const { connectionOptions, namespace } = loadClientConnectConfig();
  Runtime.install({ logger: new DefaultLogger('INFO'), shutdownSignals: ['SIGTERM', 'SIGINT'] });
  const connection = await NativeConnection.connect(connectionOptions);
  try {
    const worker = await Worker.create({
      connection,
      ...(namespace === undefined ? {} : { namespace }),
      taskQueue: config.taskQueue,
      ...workflowCode(),
      plugins: [new RewindPlugin({ config })],
      // The decode threads are the limit of the machine; a few slots more keep publishing and short steps going.
      maxConcurrentActivityTaskExecutions: config.threads + 16,
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
    });
    console.log(`Rewind worker ready on task queue ${config.taskQueue}`);
    await worker.run();
  } finally {
    await connection.close();
  }
}

run().catch((error: unknown) => {
  console.error(error instanceof Error && error.name === 'ConfigError' ? error.message : error);
  process.exit(1);
});
