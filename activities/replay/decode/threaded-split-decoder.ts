import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { HdfsConfig } from '../../../connections/hdfs/config.ts';
import type { DecodeTask, SplitCounts } from './decode-task.ts';
import type { DecodeReply, SampleReply } from './decode-reply.ts';
import { errorFromReply } from './decode-reply.ts';
import type { FileSample, SampleTask } from './sample-file.ts';
import type { SplitDecoder } from './split-decoder.ts';

export interface ThreadedSplitDecoderOptions {
  threads: number;
  /** Connections by name, as the worker is configured. */
  hdfs: Record<string, HdfsConfig>;
}

/** Threads that decode, so that heartbeats and publishing never wait for it. They start with the first split. */
export class ThreadedSplitDecoder implements SplitDecoder {
  readonly #options: ThreadedSplitDecoderOptions;
  #pool: Piscina | undefined;

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
      const reply = (await this.#threads().run(message, { signal, transferList: [port2] })) as DecodeReply;
      if ('counts' in reply) return reply.counts;
      throw errorFromReply(reply);
    } finally {
      port1.close();
    }
  }

  async sample(task: SampleTask, { signal }: { signal: AbortSignal }): Promise<FileSample> {
    const hdfs = this.#options.hdfs[task.job.connections.hdfs];
    const reply = (await this.#threads().run({ ...task, hdfs }, { signal, name: 'sampleInThread' })) as SampleReply;
    if ('sample' in reply) return reply.sample;
    throw errorFromReply(reply);
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = undefined;
  }

  #threads(): Piscina {
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
