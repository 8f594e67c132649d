import { MessageChannel } from 'node:worker_threads';
import { StreamingThreads } from '../../step/streaming-threads.ts';
import { errorFromReply } from '../../replay/decode/decode-reply.ts';
import { connectionsForThread, type NamedConnections } from '../../step/thread-connections.ts';
import { bundledCode } from '../../step/bundled-code.ts';
import type { PullReply } from './pull-in-thread.ts';
import type { PullCounts, Puller, PullTask } from './pull-task.ts';

export interface ThreadedPullerOptions extends NamedConnections {
  threads: number;
  /** Told what has ended a thread that had nothing to do. @default nobody */
  strayed?: ((message: string) => void) | undefined;
}

/** Threads that pull, so that heartbeats never wait for decompression. They start with the first pull. */
export class ThreadedPuller implements Puller {
  readonly #options: ThreadedPullerOptions;
  readonly #threads: StreamingThreads;

  constructor(options: ThreadedPullerOptions) {
    this.#options = options;
    const filename = bundledCode(new URL('./pull-in-thread.js', import.meta.url));
    this.#threads = new StreamingThreads({ filename, threads: options.threads, strayed: options.strayed });
  }

  async pull(
    task: Omit<PullTask, 'hdfs' | 'kafka' | 'registry'>,
    { signal, progress }: Parameters<Puller['pull']>[1],
  ): Promise<PullCounts> {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', progress);
    port1.unref();
    // The thread is asked to end, and does so when its writes have: killed, it would leave connections open.
    const stop = (): void => port1.postMessage('stop');
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      const full: PullTask = { ...task, ...(await connectionsForThread(this.#options, task.job.connections)) };
      const message = { task: full, port: port2 };
      const reply = (await this.#threads.run(message, { transferList: [port2] })) as PullReply;
      if ('counts' in reply) return reply.counts;
      throw errorFromReply(reply);
    } finally {
      signal.removeEventListener('abort', stop);
      port1.close();
    }
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
