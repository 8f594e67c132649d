import { afterAll, beforeAll, inject } from 'vitest';
import { attachStack } from '../../scripts/stack/development-stack.ts';
import { startOwnTemporal, type OwnTemporal } from './own-temporal.ts';
import { ReplayHarness } from './replay-harness.ts';

/** A place on the stack and a worker for all tests of a file, on a Temporal server that suggests new runs early. */
export class ShortHistoryWorker {
  #harness: ReplayHarness | undefined;
  #temporal: OwnTemporal | undefined;

  /** `suggested`: events after which the server suggests a new run; its own default is 4096. */
  constructor(suggested: number, environment: Record<string, string> = {}) {
    beforeAll(async () => {
      this.#temporal = await startOwnTemporal(attachStack(inject('stackName')).temporalCommand, {
        'limit.historyCount.suggestContinueAsNew': suggested,
      });
      this.#harness = await ReplayHarness.open({ ...inject('stack'), temporal: this.#temporal.address });
      await this.#harness.startWorker(environment);
    });
    afterAll(async () => {
      await this.#harness?.close();
      await this.#temporal?.stop();
    });
  }

  get harness(): ReplayHarness {
    if (this.#harness === undefined) throw new TypeError('the harness is open while tests run');
    return this.#harness;
  }
}
