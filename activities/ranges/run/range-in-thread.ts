import { setImmediate } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { openFileStore } from '../../../connections/hdfs/open-file-store.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { openRegistry } from '../../../connections/registry/open-registry.ts';
import { kafkaInThread, registryInThread } from '../../step/thread-connections.ts';
import { replyOfError } from '../../replay/decode/decode-reply.ts';
import { loadFunctions } from '../../replay/functions/functions-module.ts';
import { Pacer } from '../../replay/publish/pacer.ts';
import { callFinish } from './call-finish.ts';
import { callRange } from './call-range.ts';
import { decoderOf } from './decoder-of.ts';
import { FunctionFailed, type FinishReply, type FinishTask, type RangeReply, type RangeTask } from './range-task.ts';
import { stackOf } from '../../step/thrown-in-words.ts';
import { telling } from '../../step/throttled-port.ts';

/** Entry point of a thread that runs a range. The port tells progress; a message from the other side ends the range. */
export default async function rangeInThread(of: { task: RangeTask; port: MessagePort }): Promise<RangeReply> {
  return answered(() => runRange(of));
}

/** Entry point of a thread that calls `finish`. */
export async function finishInThread(of: { task: FinishTask; port: MessagePort }): Promise<FinishReply> {
  return answered(() => runFinish(of));
}

async function runRange({ task, port }: { task: RangeTask; port: MessagePort }): Promise<RangeReply> {
  const { job, range } = task;
  const stop = stopOf(port);
  const tell = telling(port);
  tell({ records: 0, at: undefined });
  const began = performance.now();
  const input = job.inputs[range.input]!;
  const kafka = openKafka(kafkaInThread(task.kafka));
  const reader = kafka.openReader();
  const registry = task.registry && openRegistry(registryInThread(task.registry));
  try {
    const functions = await loadFunctions(task.functionsPath);
    const pacer = new Pacer(task.rate);
    let records = 0;
    const done = await callRange(range, reader, {
      functions,
      name: input.function,
      group: input.group,
      attempt: task.attempt,
      decoder: decoderOf(input.decode, range.topic, job, task.reader, registry),
      skips: job.badData.policy === 'skip',
      // A slow rate is an even one: no batch is more than a second's worth.
      mostRecords: pacer.maxRecords,
      signal: stop.signal,
      alive: (of) => {
        records = of.records;
        tell({ records, at: of.inHand && String(of.inHand.first) });
      },
      pace: async (more, bytes) => {
        await pacer.mayGo(more, bytes, stop.signal, () => tell({ records, at: undefined }));
        stop.signal.throwIfAborted();
      },
    });
    return { done: { ...done, seconds: (performance.now() - began) / 1000 } };
  } finally {
    port.close();
    await reader.close();
    await kafka.close();
    await registry?.close();
  }
}

async function runFinish({ task, port }: { task: FinishTask; port: MessagePort }): Promise<FinishReply> {
  const stop = stopOf(port);
  const tell = telling(port);
  tell({});
  const store = openFileStore(task.hdfs);
  try {
    const functions = await loadFunctions(task.functionsPath);
    return { finished: await callFinish(task, { functions, store, signal: stop.signal, alive: tell }) };
  } finally {
    port.close();
    await store.close();
  }
}

/** Answers whatever goes wrong here: a thread that ends without an answer was ended by a function. */
async function answered<T>(body: () => Promise<T>): Promise<T | ReturnType<typeof replyOf>> {
  try {
    const done = await body();
    // What has failed and is awaited by nobody ends the thread with this turn: it must not end behind a good answer.
    await setImmediate();
    return done;
  } catch (error) {
    return replyOf(error);
  }
}

function replyOf(
  error: unknown,
): { threw: { message: string; stack: string | undefined } } | ReturnType<typeof replyOfError> {
  if (!(error instanceof FunctionFailed)) return replyOfError(error);
  return { threw: { message: error.message, stack: stackOf(error.cause) } };
}

function stopOf(port: MessagePort): AbortController {
  const stop = new AbortController();
  port.on('message', () => stop.abort(new Error('the attempt was ended')));
  return stop;
}
