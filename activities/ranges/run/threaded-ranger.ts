import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { HdfsConfig } from '../../../connections/hdfs/config.ts';
import type { KafkaConfig } from '../../../connections/kafka/config.ts';
import type { RegistryConfig } from '../../../connections/registry/config.ts';
import { kafkaForThread, registryForThread } from '../../step/thread-connections.ts';
import { errorFromReply } from '../../replay/decode/decode-reply.ts';
import { isAvro } from '../job/parse-ranges-input.ts';
import {
  FunctionFailed,
  type FinishReply,
  type FinishTask,
  type FunctionFault,
  type RangeDone,
  type Ranger,
  type RangeReply,
  type RangeTask,
} from './range-task.ts';
import { messageOf, stackOf } from '../../step/thrown-in-words.ts';
import { bundledCode } from '../../step/bundled-code.ts';

export interface ThreadedRangerOptions {
  threads: number;
  /** Without a sign of life for so long, in milliseconds, a function is taken for hung, and its thread is ended. */
  stillMs: number;
  /** How long a function that was asked to end may take to do so, before its thread is ended. @default 10 000 */
  graceMs?: number | undefined;
  /** Told what a function that had returned has left behind to fail later. @default nobody */
  strayed?: (fault: FunctionFault) => void;
  /** Connections by name, as the worker is configured. */
  hdfs: Record<string, HdfsConfig>;
  kafka: Record<string, KafkaConfig>;
  registry: Record<string, RegistryConfig>;
  /** Address of the module that threads run. @default the compiled one beside this */
  entry?: string;
}

const GRACE_MS = 10_000;

const LOOK_EVERY_MS = 1_000;

/**
 * Records are short-lived, and so are the bytes that they stand on, which go with them: a thread that collects them rarely
 * holds a hundred MiB of them. What a function keeps is not bounded by this.
 */
const YOUNG_MIB = 8;

/**
 * Threads that run functions of the user's own, so that heartbeats never wait for them. They start with the first range.
 * One whose function stands still is ended, and another takes its place.
 */
export class ThreadedRanger implements Ranger {
  readonly #options: ThreadedRangerOptions;
  #pool: Piscina | undefined;

  constructor(options: ThreadedRangerOptions) {
    this.#options = options;
  }

  async range(
    task: Omit<RangeTask, 'kafka' | 'registry'>,
    { signal, progress }: Parameters<Ranger['range']>[1],
  ): Promise<RangeDone> {
    const { kafka, registry } = task.job.connections;
    const { topic, partition, id, input } = task.range;
    const decode = task.job.inputs[input]!.decode;
    const config = isAvro(decode) ? this.#options.registry[registry] : undefined;
    const full: RangeTask = {
      ...task,
      kafka: await kafkaForThread(this.#options.kafka[kafka]!),
      registry: config && (await registryForThread(config)),
    };
    const what = `${topic}-${partition}, range ${id}: the function range.${task.job.inputs[input]!.function}`;
    const reply = await this.#run<RangeReply>(full, undefined, what, signal, progress as (progress: object) => void);
    if ('done' in reply) return reply.done;
    throw errorOf(reply);
  }

  async finish(task: Omit<FinishTask, 'hdfs'>, { signal, progress }: Parameters<Ranger['finish']>[1]): Promise<string> {
    const full: FinishTask = { ...task, hdfs: this.#options.hdfs[task.job.connections.hdfs]! };
    const what = `the function finish.${task.job.finish}`;
    const reply = await this.#run<FinishReply>(full, 'finishInThread', what, signal, progress);
    if ('finished' in reply) return reply.finished;
    throw errorOf(reply);
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    // Before it is awaited: what comes meanwhile must not get threads that end.
    this.#pool = undefined;
    await pool?.destroy();
  }

  async #run<T>(
    task: object,
    name: string | undefined,
    what: string,
    signal: AbortSignal,
    progress: (progress: object) => void,
  ): Promise<T> {
    const { port1, port2 } = new MessageChannel();
    const kill = new AbortController();
    // Looks are counted, not time: a process that was frozen is not taken for a function that hangs.
    let looks: number | undefined;
    let still = false;
    port1.on('message', (told: object) => {
      looks = 0;
      progress(told);
    });
    port1.unref();
    const look = setInterval(() => {
      // Until a thread is free nothing is to be seen of it, and that is nobody's fault.
      if (looks === undefined) return progress({ waitsFor: 'a thread' });
      looks += 1;
      still = looks * LOOK_EVERY_MS > this.#options.stillMs;
      if (still) kill.abort();
    }, LOOK_EVERY_MS);
    let grace: NodeJS.Timeout | undefined;
    const stop = (): void => {
      port1.postMessage('stop');
      grace = setTimeout(() => kill.abort(), this.#options.graceMs ?? GRACE_MS);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      const options = { transferList: [port2], signal: kill.signal, ...(name !== undefined && { name }) };
      const reply = (await this.#threads().run({ task, port: port2 }, options)) as T | null;
      // The pool takes an error that is null for none.
      if (reply === null) throw new Error('it threw null');
      return reply;
    } catch (error) {
      signal.throwIfAborted();
      // Whatever goes wrong on this side is answered by the thread: one that ends without an answer was ended by what
      // runs in it, by an error that nobody waited for, its memory, or process.exit.
      if (!still && looks !== undefined && this.#pool !== undefined)
        throw functionFailed(`${what} ended its thread: ${messageOf(error)}`, stackOf(error));
      if (!still) throw error;
      throw new FunctionFailed(
        `${what} has stood still for ${Math.round(this.#options.stillMs / 1000)} seconds: it neither asked for records nor called heartbeat(). Its thread was ended`,
      );
    } finally {
      signal.removeEventListener('abort', stop);
      clearInterval(look);
      clearTimeout(grace);
      port1.close();
    }
  }

  #threads(): Piscina {
    if (this.#pool !== undefined) return this.#pool;
    this.#pool = new Piscina({
      filename: this.#options.entry ?? bundledCode(new URL('./range-in-thread.js', import.meta.url)),
      minThreads: 1,
      maxThreads: this.#options.threads,
      idleTimeout: 30_000,
      concurrentTasksPerWorker: 1,
      // A thread that waits for its next range would else stand still, with all that functions have left in it: pools of
      // connections, and errors, which would come to the next one.
      atomics: 'disabled',
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    // Of a thread that has nothing to do: what a function has left behind ends it, and must not end the worker.
    this.#pool.on('error', (error: unknown) =>
      this.#options.strayed?.({ message: messageOf(error), stack: stackOf(error) }),
    );
    return this.#pool;
  }
}

function errorOf(reply: Exclude<RangeReply | FinishReply, { done: unknown } | { finished: unknown }>): Error {
  return 'threw' in reply ? functionFailed(reply.threw.message, reply.threw.stack) : errorFromReply(reply);
}

/** With the stack of what the function threw: where that was is what its author looks for. */
function functionFailed(message: string, stack: string | undefined): FunctionFailed {
  const error = new FunctionFailed(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
