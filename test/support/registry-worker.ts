import { afterAll, beforeAll, inject } from 'vitest';
import { startOwnRegistry, type OwnRegistry } from './own-registry.ts';
import { ReplayHarness } from './replay-harness.ts';

/** The first start on a machine downloads the registry. */
const START_MS = 600_000;

/** A place on the stack, and a worker with a registry of its own, for all tests of a file; all end with the file. */
export class RegistryWorker {
  #harness: ReplayHarness | undefined;
  #registry: OwnRegistry | undefined;

  constructor() {
    beforeAll(async () => {
      this.#harness = await ReplayHarness.open(inject('stack'));
      this.#registry = await startOwnRegistry();
      await this.#harness.startWorker({ REWIND_REGISTRY_URL: this.#registry.url });
    }, START_MS);
    afterAll(async () => {
      await this.#harness?.close();
      await this.#registry?.close();
    });
  }

  get harness(): ReplayHarness {
    if (this.#harness === undefined) throw new TypeError('the harness is open while tests run');
    return this.#harness;
  }

  get registry(): OwnRegistry {
    if (this.#registry === undefined) throw new TypeError('the registry is there while tests run');
    return this.#registry;
  }
}
