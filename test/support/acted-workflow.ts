import { randomBytes } from 'node:crypto';
import {
  Client,
  Connection,
  type WorkflowHandle,
  type WorkflowHandleWithFirstExecutionRunId,
  type WorkflowOptions,
} from '@temporalio/client';
import { expect } from 'vitest';
import { serveSteps, type ActedSteps } from './step-worker.ts';

/**
 * The real workflows, whose steps a test stands in for: it holds one while it pauses or cancels, and sees which were begun.
 */
export class ActedWorkflow {
  readonly client: Client;
  /** The steps of the test that runs. */
  steps: ActedSteps = {};
  /** Names of those that were begun, in their order. */
  seen: string[] = [];
  readonly #taskQueue: string;
  readonly #connection: Connection;
  #stop: () => Promise<void> = async () => undefined;

  private constructor(taskQueue: string, connection: Connection) {
    this.#taskQueue = taskQueue;
    this.#connection = connection;
    this.client = new Client({ connection });
  }

  /** @param names - steps that are served */
  static async open(temporal: string, names: readonly (keyof ActedSteps)[]): Promise<ActedWorkflow> {
    const connection = await Connection.connect({ address: temporal });
    const acted = new ActedWorkflow(`acted-${randomBytes(4).toString('hex')}`, connection);
    const served = names.map((name) => [name, (input: never): unknown => acted.#act(name, input)]);
    acted.#stop = await serveSteps(temporal, acted.#taskQueue, Object.fromEntries(served) as ActedSteps);
    return acted;
  }

  /** For each test: nothing is seen yet. */
  begin(steps: ActedSteps = {}): void {
    this.seen = [];
    this.steps = steps;
  }

  start(
    workflow: 'replay' | 'archive' | 'finishArchive' | 'ranges',
    options: Pick<WorkflowOptions, 'startDelay'> = {},
  ): Promise<WorkflowHandleWithFirstExecutionRunId> {
    const workflowId = `${workflow}-${randomBytes(4).toString('hex')}`;
    return this.client.workflow.start(workflow, { ...options, args: [{}], taskQueue: this.#taskQueue, workflowId });
  }

  /** Resolves when the job says that it is so. */
  async told(handle: WorkflowHandle, status: string): Promise<void> {
    await expect.poll(async () => (await handle.query<{ status: string }>('progress')).status).toBe(status);
  }

  async close(): Promise<void> {
    await this.#stop();
    await this.#connection.close();
  }

  #act(name: keyof ActedSteps, input: never): unknown {
    this.seen.push(name);
    return this.steps[name]!(input);
  }
}
