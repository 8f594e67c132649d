import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { memoryOf } from '../../../formats/sorted/sort/sorted-run.ts';
import type { HdfsConfig } from '../../../connections/hdfs/config.ts';
import { StreamingThreads } from '../../step/streaming-threads.ts';
import { bundledCode } from '../../step/bundled-code.ts';
import type { DecodeTask, RunsCounts, RunsOptions, RunsTask, SplitCounts, SplitDecoder } from './split-decoder.ts';
import type { RunsMessage } from './split-runs.ts';
import type { FunctionsSummary } from '../functions/functions-module.ts';
import type { ManifestFile } from '../manifest/manifest.ts';
import {
  errorFromReply,
  type DecodeReply,
  type FunctionsReply,
  type RunsReply,
  type SampleReply,
} from './decode-reply.ts';
import { hungModule, hungThread } from './hung-thread.ts';
import type { FileSample, SampleTask } from './sample-file.ts';
import type { SeenPulse } from './thread-pulse.ts';
import { ThreadWatch } from './thread-watch.ts';

/** Threads that any job needs: the others of a large one start with its sample. */
const WARM = 1;

export interface ThreadedSplitDecoderOptions {
  threads: number;
  /** Told what has ended a thread that had nothing to do. @default nobody */
  strayed?: ((message: string) => void) | undefined;
  /** Connections by name, as the worker is configured. */
  hdfs: Record<string, HdfsConfig>;
  /** How long one record may take, in milliseconds: the thread that it keeps for longer is ended. */
  recordTimeoutMs: number;
}

/**
 * Threads that decode, so that heartbeats and publishing never wait for it. They start with the first split. One that
 * stands still is ended, with the sort buffer that it holds, and another takes its place.
 */
export class ThreadedSplitDecoder implements SplitDecoder {
  readonly #options: ThreadedSplitDecoderOptions;
  readonly #threads: StreamingThreads;
  readonly #summaries = new Map<string, Promise<FunctionsSummary>>();

  constructor(options: ThreadedSplitDecoderOptions) {
    this.#options = options;
    const filename = bundledCode(new URL('./decode-thread.js', import.meta.url));
    this.#threads = new StreamingThreads({ filename, threads: options.threads, strayed: options.strayed });
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
      const options = { signal, transferList: [port2] };
      const reply = await this.#watched<DecodeReply>(message, options, this.#hung(task, task.split.files));
      if ('counts' in reply) return reply.counts;
      throw errorFromReply(reply);
    } finally {
      port1.close();
    }
  }

  async runs(task: RunsTask, { signal, progress, run, more, spared }: RunsOptions): Promise<RunsCounts> {
    const { port1, port2 } = new MessageChannel();
    // Runs and the reply come by different ways: all runs are there when the thread says so.
    const ended = new Promise<void>((resolve) => {
      port1.on('message', (told: RunsMessage) => {
        if ('run' in told) {
          run(told.run);
          const spare = told.isLast ? undefined : more();
          if (spare !== undefined) port1.postMessage(spare, memoryOf(spare));
        } else if ('progress' in told) progress(told.progress);
        else {
          spared(told.spare);
          resolve();
        }
      });
    });
    port1.unref();
    try {
      const hdfs = this.#options.hdfs[task.job.connections.hdfs];
      const options = { signal, name: 'runsInThread', transferList: [port2, ...task.spare.flatMap(memoryOf)] };
      const message = { task: { ...task, hdfs }, port: port2 };
      const reply = await this.#watched<RunsReply>(message, options, this.#hung(task, task.split.files));
      if (!('counts' in reply)) throw errorFromReply(reply);
      await ended;
      return reply.counts;
    } finally {
      port1.close();
    }
  }

  async sample(task: SampleTask, { signal }: { signal: AbortSignal }): Promise<FileSample> {
    const hdfs = this.#options.hdfs[task.job.connections.hdfs];
    const options = { signal, name: 'sampleInThread' };
    const reply = await this.#watched<SampleReply>({ ...task, hdfs }, options, this.#hung(task, [task.file]));
    if ('sample' in reply) return reply.sample;
    throw errorFromReply(reply);
  }

  /** Starts a thread: it loads its modules for some tenths of a second, while a job's servers are still being reached. */
  warmUp(): void {
    this.#threads.warmUp('readyInThread', WARM);
  }

  rest(): Promise<void> {
    return this.#threads.rest();
  }

  /** As the module was when it was first loaded. */
  functions(path: string): Promise<FunctionsSummary> {
    const known = this.#summaries.get(path);
    if (known !== undefined) return known;
    const summary = this.#functions(path);
    this.#summaries.set(path, summary);
    summary.catch(() => this.#summaries.delete(path)); // it may be repaired
    return summary;
  }

  async #functions(path: string): Promise<FunctionsSummary> {
    const hung = (): Error => hungModule(path, this.#options.recordTimeoutMs);
    const reply = await this.#watched<FunctionsReply>({ path }, { name: 'functionsInThread' }, hung);
    if ('functions' in reply) return reply.functions;
    throw errorFromReply(reply);
  }

  #hung(
    { job, functionsPath }: Pick<DecodeTask, 'job' | 'functionsPath'>,
    files: readonly ManifestFile[],
  ): (seen: SeenPulse) => Error {
    const limitMs = this.#options.recordTimeoutMs;
    return (seen) =>
      seen.inHand === 'the module'
        ? hungModule(functionsPath ?? '', limitMs)
        : hungThread(seen, { job, files, limitMs });
  }

  /** Runs a task in a thread; throws `hung` where it stood still, after the thread was ended. */
  async #watched<T>(
    message: object,
    { signal, ...options }: { signal?: AbortSignal; name?: string; transferList?: (MessagePort | ArrayBuffer)[] },
    hung: (seen: SeenPulse) => Error,
  ): Promise<T> {
    const watch = new ThreadWatch(this.#options.recordTimeoutMs);
    const { shared, everyMs } = watch;
    try {
      const either = signal === undefined ? watch.signal : AbortSignal.any([signal, watch.signal]);
      const watched = { ...message, pulse: { shared, everyMs } };
      return (await this.#threads.run(watched, { ...options, signal: either })) as T;
    } catch (error) {
      signal?.throwIfAborted();
      if (watch.found !== undefined) throw hung(watch.found);
      throw error;
    } finally {
      watch.end();
    }
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
