import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { HdfsConfig } from '../../connections/hdfs/config.ts';
import type { DecodeTask, SplitCounts } from './decode-task.ts';
import type { DecodeReply } from './decode-reply.ts';
import { errorFromReply } from './decode-reply.ts';
import type { SplitDecoder } from './split-decoder.ts';

export interface ThreadedSplitDecoderOptions {
  threads: number;
  /** Connections by name, as the worker is configured. */
  hdfs: Record<string, HdfsConfig>;
}

/** Threads that decode, so that heartbeats and publishing never wait for it. They start with the first split. */
export class ThreadedSplitDecoder implements SplitDecoder {
  readonly #options: ThreadedSplitDecoderOptions;
  #pool: Piscina<unknown, DecodeReply> | undefined;

  constructor(options: ThreadedSplitDecoderOptions) {
    this.#options = options;
  }

  async decode(
    task: Omit<DecodeTask, 'hdfs'>,
    { signal, progress }: Parameters<SplitDecoder['decode']>[1],
  ): Promise<SplitCounts> {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', progress);
    port1.unref();
    try {
      const hdfs = this.#options.hdfs[task.job.connections.hdfs];
      const message = { task: { ...task, hdfs }, port: port2 };
      const reply = await this.#threads().run(message, { signal, transferList: [port2] });
      if ('counts' in reply) return reply.counts;
      throw errorFromReply(reply);
    } finally {
      port1.close();
    }
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = undefined;
  }

  #threads(): Piscina<unknown, DecodeReply> {
    this.#pool ??= new Piscina({
      filename: new URL('./decode-thread.js', import.meta.url).href,
      minThreads: 1,
      maxThreads: this.#options.threads,
      idleTimeout: 30_000,
      concurrentTasksPerWorker: 1,
    });
    return this.#pool;
  }
}
