import type { WorkflowHandle } from '@temporalio/client';
import type { ReplayHarness } from '../support/replay-harness.ts';
import type { WorkerProcess } from '../support/worker-process.ts';
import type { FaultStack } from './fault-stack.ts';

/** A job under attack, whatever its workflow: what every strike may lay hands on. */
export abstract class AttackedRun {
  readonly servers: FaultStack;
  readonly harness: ReplayHarness;
  readonly workers: WorkerProcess[] = [];
  /** Settings of its workers. */
  readonly #settings: Readonly<Record<string, string>>;
  /** Resolves when all that strikes left going has come to its end. */
  readonly #later: Promise<unknown>[] = [];

  constructor(servers: FaultStack, harness: ReplayHarness, settings: Readonly<Record<string, string>>) {
    this.servers = servers;
    this.harness = harness;
    this.#settings = settings;
  }

  /** The workflow that runs the job now. */
  abstract get handle(): WorkflowHandle;

  async startWorker(
    environment: Record<string, string | undefined> = {},
    nodeArguments: string[] = [],
  ): Promise<WorkerProcess> {
    const worker = await this.harness.startWorker(
      { ...this.#settings, ...this.servers.environment, ...environment },
      nodeArguments,
    );
    this.workers.push(worker);
    return worker;
  }

  /** A worker that runs; another one is started where none does. */
  async aWorker(): Promise<WorkerProcess> {
    return this.workers.findLast((worker) => worker.running) ?? (await this.startWorker());
  }

  later(what: Promise<unknown>): void {
    what.catch(() => undefined); // it is awaited, and so thrown, in `settled`
    this.#later.push(what);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#later);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.end('SIGKILL')));
  }
}
