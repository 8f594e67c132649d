import { MessageChannel } from 'node:worker_threads';
import { errorFromReply } from '../../replay/decode/decode-reply.ts';
import { hungThread } from '../../replay/decode/hung-thread.ts';
import { ThreadWatch } from '../../replay/decode/thread-watch.ts';
import { StreamingThreads } from '../../step/streaming-threads.ts';
import { connectionsForThread, type NamedConnections } from '../../step/thread-connections.ts';
import { bundledCode } from '../../step/bundled-code.ts';
import type { TallyReply } from './tally-in-thread.ts';
import type { Tallied, Tallier, TallyStep, TallySteps } from './tally-task.ts';

export interface ThreadedTallierOptions extends NamedConnections {
  threads: number;
  /** How long one record may take, in milliseconds: the thread that it keeps for longer is ended. */
  recordTimeoutMs: number;
  /** Told what has ended a thread that had nothing to do. @default nobody */
  strayed?: ((message: string) => void) | undefined;
}

/** Threads that count and hash records. They start with the first step; one whose record never ends is ended. */
export class ThreadedTallier implements Tallier {
  readonly #options: ThreadedTallierOptions;
  readonly #threads: StreamingThreads;

  constructor(options: ThreadedTallierOptions) {
    this.#options = options;
    const filename = bundledCode(new URL('./tally-in-thread.js', import.meta.url));
    this.#threads = new StreamingThreads({ filename, threads: options.threads, strayed: options.strayed });
  }

  async tally<Step extends TallyStep>(
    step: Step,
    input: TallySteps[Step],
    { signal, progress, fileAt }: Parameters<Tallier['tally']>[2],
  ): Promise<Tallied> {
    const { recordTimeoutMs } = this.#options;
    const { port1, port2 } = new MessageChannel();
    port1.on('message', progress);
    port1.unref();
    // The thread is asked to end: killed, it would leave connections open.
    const stop = (): void => port1.postMessage('stop');
    signal.addEventListener('abort', stop, { once: true });
    const watch = new ThreadWatch(recordTimeoutMs);
    try {
      signal.throwIfAborted();
      const { registry = 'default', ...named } = input.job.connections;
      const connections = await connectionsForThread(this.#options, { ...named, registry });
      const task = { step, input, ...connections };
      const message = { task, port: port2, pulse: { shared: watch.shared, everyMs: watch.everyMs } };
      const options = { transferList: [port2], signal: watch.signal };
      const reply = (await this.#threads.run(message, options)) as TallyReply;
      if ('tallied' in reply) return reply;
      throw errorFromReply(reply);
    } catch (error) {
      signal.throwIfAborted();
      const { found } = watch;
      if (found === undefined) throw error;
      const files = [{ path: await fileAt(found.file), length: 0, modifiedAt: 0 }];
      throw hungThread({ ...found, file: 0 }, { job: input.job.replay, files, limitMs: recordTimeoutMs });
    } finally {
      watch.end();
      signal.removeEventListener('abort', stop);
      port1.close();
    }
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
