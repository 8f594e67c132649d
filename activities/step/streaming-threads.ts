import { Piscina } from 'piscina';

export interface StreamingThreadsOptions {
  /** Address of the module whose functions are run. */
  filename: string;
  /** At once, at most. */
  threads: number;
}

/**
 * Nearly all that such threads allocate is garbage at once, and buffers outside of the heap go with it: where V8 lets the
 * young ones grow to 48 MiB a thread, as by default, it is only collected later.
 */
const LIMITS = { maxYoungGenerationSizeMb: 12 } as const;
/** A thread that has nothing to do keeps a heap and buffers of 80 MiB and more, of which the next step is in want. */
const IDLE_MS = 2_000;

/** Threads that stream records. They start with the first task, and all end once there was none for two seconds. */
export class StreamingThreads {
  readonly #options: StreamingThreadsOptions;
  #pool: Piscina | undefined;
  #running = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: StreamingThreadsOptions) {
    this.#options = options;
  }

  /** Runs a function of the module, its default export unless `name` says which, as `Piscina.run` does. */
  async run(task: unknown, options: Parameters<Piscina['run']>[1] = {}): Promise<unknown> {
    clearTimeout(this.#idle);
    this.#running += 1;
    try {
      return await this.#threads().run(task, options);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref();
    }
  }

  /** Ends the threads; who comes later, as the next worker of a plugin, starts others. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const pool = this.#pool;
    // Before it is awaited: what comes meanwhile must not get threads that end.
    this.#pool = undefined;
    await pool?.destroy();
  }

  #threads(): Piscina {
    this.#pool ??= new Piscina({
      filename: this.#options.filename,
      minThreads: 1,
      maxThreads: this.#options.threads,
      idleTimeout: IDLE_MS,
      concurrentTasksPerWorker: 1,
      resourceLimits: LIMITS,
    });
    return this.#pool;
  }
}
