import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { ArchiveActivities } from '../../activities/archive/archive-activities.ts';
import type { RangesActivities } from '../../activities/ranges/ranges-activities.ts';
import type { ReplayActivities } from '../../activities/replay/replay-activities.ts';
import { projectRoot } from '../../scripts/stack/project-root.ts';

/** Steps that a test stands in for. */
export type ActedSteps = Partial<ReplayActivities & ArchiveActivities & RangesActivities>;

const WORKFLOWS = join(projectRoot, 'workflows', 'index.ts');

/** Serves the real workflows, and of their steps those that the test has, until it is ended. */
export async function serveSteps(
  address: string,
  taskQueue: string,
  activities: ActedSteps,
): Promise<() => Promise<void>> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address });
  // A test that fails leaves steps in hand.
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: WORKFLOWS,
    activities,
    shutdownForceTime: '5s',
    maxHeartbeatThrottleInterval: '200ms', // steps hear soon that they are cancelled
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running.catch(() => undefined);
    await connection.close();
  };
}

/** A step that a test holds: `begun` when the workflow has come to it, and it ends with `end`. */
export class HeldStep<Result> {
  #begin!: () => void;
  #end!: (result: Result) => void;
  readonly begun = new Promise<void>((resolve) => (this.#begin = resolve));
  readonly #ended = new Promise<Result>((resolve) => (this.#end = resolve));

  readonly run = (): Promise<Result> => {
    this.#begin();
    return this.#ended;
  };

  end(result: Result): void {
    this.#end(result);
  }
}
