import { Piscina } from 'piscina';
import { messageOf } from './thrown-in-words.ts';

export interface StreamingThreadsOptions {
  /** Address of the module whose functions are run. */
  filename: string;
  /** At once, at most. */
  threads: number;
  /** Told, in words, what has ended a thread that had no task: nothing is lost by it. @default nobody */
  strayed?: ((message: string) => void) | undefined;
}

/**
 * Nearly all that such threads allocate is garbage at once, and buffers outside of the heap go with it: where V8 lets the
 * young ones grow to 48 MiB a thread, as by default, it is only collected later.
 */
const LIMITS = { maxYoungGenerationSizeMb: 12 } as const;
/** A thread that has nothing to do keeps a heap and buffers of 80 MiB and more, of which the next step is in want. */
const IDLE_MS = 2_000;

const ENDED = 'a thread was ended by something that was thrown in it, and that nobody waited for';

/** Threads that stream records. They start with the first task, and all end once there was none for two seconds. */
export class StreamingThreads {
  readonly #options: StreamingThreadsOptions;
  #pool: Piscina | undefined;
  #running = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: StreamingThreadsOptions) {
    this.#options = options;
  }

  /**
   * Runs a function of the module, its default export unless `name` says which, as `Piscina.run` does.
   *
   * @returns what it answers, which is never nothing
   */
  async run(task: unknown, options: Parameters<Piscina['run']>[1] = {}): Promise<unknown> {
    clearTimeout(this.#idle);
    this.#running += 1;
    const pool = this.#threads();
    try {
      const reply: unknown = await pool.run(task, options);
      // The pool takes an error that is null for none.
      if (reply === null || reply === undefined) throw new Error(`${ENDED}: ${messageOf(reply)}`);
      return reply;
    } catch (error) {
      this.#endWithoutThreads(pool);
      throw error instanceof Error ? error : new Error(`${ENDED}: ${messageOf(error)}`);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref();
    }
  }

  /** Starts some threads. `name`: a function of the module that does nothing. */
  warmUp(name: string, threads: number): void {
    for (let thread = 0; thread < Math.min(threads, this.#options.threads); thread += 1)
      this.run(undefined, { name }).catch(() => undefined); // the first task that is meant tells why
  }

  /** Ends the threads at once where none has a task: who has used them knows that nothing comes for a while. */
  async rest(): Promise<void> {
    if (this.#running === 0) await this.close();
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
    if (this.#pool !== undefined) return this.#pool;
    const pool = new Piscina({
      filename: this.#options.filename,
      minThreads: 1,
      maxThreads: this.#options.threads,
      idleTimeout: IDLE_MS,
      concurrentTasksPerWorker: 1,
      resourceLimits: LIMITS,
    });
    // Of a thread without a task, as one that can't start; unheard it would end the process.
    pool.on('error', (error: unknown) => {
      this.#options.strayed?.(messageOf(error));
      this.#endWithoutThreads(pool);
    });
    return (this.#pool = pool);
  }

  /** A pool starts no thread in place of those that can't start: who waits for one is told, and the next gets another pool. */
  #endWithoutThreads(pool: Piscina): void {
    if (pool.threads.length === 0 && pool === this.#pool) void this.close();
  }
}
