import type { NativeConnection, Worker } from '@temporalio/worker';
import type { Health } from './health.ts';

/** Less than a probe waits, which is a second by default. */
const ASKED_WITHIN_MS = 800;
/** So long an answer of Temporal's counts: probes come from several sides. */
const FRESH_MS = 3_000;

/** The health of the workers of one process, by task queue; Temporal is asked as well, seldom and not for long. */
export class HealthOfWorkers {
  readonly #workers = new Map<string, Pick<Worker, 'getState'>>();
  #connection: Pick<NativeConnection, 'workflowService' | 'withDeadline'> | undefined;
  #asked: { at: number; failure: Promise<string | undefined> } | undefined;

  connected(connection: Pick<NativeConnection, 'workflowService' | 'withDeadline'>): void {
    this.#connection = connection;
  }

  add(taskQueue: string, worker: Pick<Worker, 'getState'>): void {
    this.#workers.set(taskQueue, worker);
  }

  async look(): Promise<Health> {
    const workers = Object.fromEntries([...this.#workers].map(([queue, worker]) => [queue, worker.getState()]));
    const states = Object.values(workers);
    const live = !states.includes('FAILED');
    const reason =
      states.length === 0
        ? 'it is starting'
        : states.every((state) => state === 'RUNNING')
          ? await this.#failureOfTemporal()
          : 'it is not taking work';
    return { live, ready: reason === undefined, workers, ...(reason !== undefined && { reason }) };
  }

  #failureOfTemporal(): Promise<string | undefined> {
    const connection = this.#connection;
    if (connection === undefined) return Promise.resolve('it is starting');
    const now = Date.now();
    if (this.#asked === undefined || now - this.#asked.at > FRESH_MS) {
      const answer = connection.withDeadline(now + ASKED_WITHIN_MS, () => connection.workflowService.getSystemInfo({}));
      const failure = answer.then(
        () => undefined,
        (error: unknown) => `Temporal doesn't answer: ${(error as Error).message}`,
      );
      this.#asked = { at: now, failure };
    }
    return this.#asked.failure;
  }
}
