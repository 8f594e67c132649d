import { afterAll, beforeAll, inject } from 'vitest';
import { ReplayHarness } from '../../support/replay-harness.ts';
import type { WorkerProcess } from '../../support/worker-process.ts';

/** A place on the stack and one worker for all tests of a file; both end with the file. */
export class OneWorker {
  #harness: ReplayHarness | undefined;
  #worker: WorkerProcess | undefined;

  constructor(environment: Record<string, string> = {}) {
    beforeAll(async () => {
      this.#harness = await ReplayHarness.open(inject('stack'));
      // Small splits: several sorted files are merged even in a small test.
      this.#worker = await this.#harness.startWorker({ REWIND_SPLIT_MIB: '0.05', ...environment });
    });
    afterAll(() => this.#harness?.close());
  }

  get harness(): ReplayHarness {
    if (this.#harness === undefined) throw new TypeError('the harness is open while tests run');
    return this.#harness;
  }

  get worker(): WorkerProcess {
    if (this.#worker === undefined) throw new TypeError('the worker is there while tests run');
    return this.#worker;
  }
}
