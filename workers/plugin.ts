import { resolve } from 'node:path';
import { SimplePlugin } from '@temporalio/plugin';
import { Runtime, type WorkerOptions } from '@temporalio/worker';
import { createArchiveActivities } from '../activities/archive/index.ts';
import { ThreadedPuller } from '../activities/archive/pull/threaded-puller.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import { createDrainActivities } from '../activities/drain/index.ts';
import { createRangesActivities } from '../activities/ranges/index.ts';
import { ThreadedRanger } from '../activities/ranges/run/threaded-ranger.ts';
import { createReplayActivities } from '../activities/replay/index.ts';
import { createVerifyActivities } from '../activities/verify/index.ts';
import { ThreadedTallier } from '../activities/verify/threads/threaded-tallier.ts';
import { MemoryBudget } from '../activities/step/memory-budget.ts';
import { ThreadedSplitDecoder } from '../activities/replay/decode/threaded-split-decoder.ts';
import { loadWorkerConfig, type WorkerConfig } from './config.ts';
import { ConnectionPool } from './connection-pool.ts';
import { assertServes } from './served-queues.ts';

export interface RewindPluginOptions {
  /** @default read from the environment and from the file that REWIND_CONFIG names */
  config?: WorkerConfig;
}

/** Time-outs of a heartbeat for which a function of the user's own may stand still: fewer than a whole step may. */
const STILL_TIMEOUTS = 15;

const STRAYED =
  'A function of a job of ranges had returned, and failed then, in something that it had not awaited: its range counts as done, and what it was to do may not be. Let it await all that it begins';

/**
 * Adds Rewind's activities and the lifetime of its connections and threads to a Worker. Workflows can't come with a
 * plugin: re-export them from your own workflows file, `export * from 'kafka-rewind/workflows'`.
 */
export class RewindPlugin extends SimplePlugin {
  readonly #config: WorkerConfig;
  /** Names of the activities that are added. */
  readonly steps: readonly string[];

  constructor(options: RewindPluginOptions = {}) {
    const config = options.config ?? loadWorkerConfig(process.env);
    const connections = new ConnectionPool(config);
    const { threads, recordTimeoutMs } = config;
    const strayed = (message: string): void =>
      void Runtime.instance().logger.warn(
        `A thread that had no task has ended, and another takes its place: ${message}`,
      );
    const decoder = new ThreadedSplitDecoder({ threads, strayed, hdfs: config.hdfs, recordTimeoutMs });
    const { heartbeatTimeoutMs, reachTimeoutMs, decodeConcurrency, sliceMs, splitBytes, mergeFanIn } = config;
    const { decodeTaskQueue, publishTaskQueue } = config;
    const { hdfs, kafka, registry } = config;
    const puller = new ThreadedPuller({ threads, strayed, hdfs, kafka, registry });
    const ranger = new ThreadedRanger({
      threads,
      stillMs: heartbeatTimeoutMs * STILL_TIMEOUTS,
      strayed: ({ message, stack }) => void Runtime.instance().logger.warn(`${STRAYED}: ${message}`, { stack }),
      hdfs,
      kafka,
      registry,
    });
    const tallier = new ThreadedTallier({ threads, recordTimeoutMs, strayed, hdfs, kafka, registry });
    const deps: Dependencies = {
      hdfs: (name) => connections.hdfs(name),
      kafka: (name) => connections.kafka(name),
      zookeeper: (name) => connections.zookeeper(name),
      registry: (name) => connections.registry(name),
      describeZooKeeper: (name) => connections.describeZooKeeper(name),
      budget: new MemoryBudget(config.memoryBytes),
      decoder,
      puller,
      ranger,
      tallier,
      functions: async () =>
        config.functions === undefined ? undefined : decoder.functions(resolve(config.functions)),
      reachTimeoutMs,
      tuning: {
        heartbeatTimeoutMs,
        decodeConcurrency,
        sliceMs,
        splitBytes,
        mergeFanIn,
        decodeTaskQueue,
        publishTaskQueue,
      },
    };
    const activities = {
      ...createReplayActivities(deps),
      ...createArchiveActivities(deps),
      ...createRangesActivities(deps),
      ...createDrainActivities(deps),
      ...createVerifyActivities(deps),
    };
    let running = 0;
    super({
      name: 'rewind.RewindPlugin',
      activities,
      runContext: async (next) => {
        running += 1;
        try {
          await next();
        } finally {
          running -= 1;
          // One plugin may serve several workers of a process: the last one closes.
          if (running === 0)
            await Promise.allSettled(
              [decoder, puller, ranger, tallier, connections].map((each: { close(): Promise<unknown> }) =>
                each.close(),
              ),
            );
        }
      },
    });
    this.#config = config;
    this.steps = Object.keys(activities);
  }

  /** @throws ConfigError where the Worker would be given steps that it has no connections for */
  override configureWorker(options: WorkerOptions): WorkerOptions {
    assertServes(this.#config, options.taskQueue);
    return super.configureWorker(options);
  }
}
