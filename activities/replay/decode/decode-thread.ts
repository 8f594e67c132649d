import type { MessagePort } from 'node:worker_threads';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { openFileStore } from '../../../connections/hdfs/open-file-store.ts';
import { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import { memoryOf, type SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';
import { loadFunctions, summaryOf } from '../functions/functions-module.ts';
import { threadFunctions } from '../functions/job-functions.ts';
import {
  replyOfError,
  type DecodeReply,
  type FunctionsReply,
  type RunsReply,
  type SampleReply,
} from './decode-reply.ts';
import { openedOnce } from '../../step/opened-once.ts';
import { OWN_FILE } from '../../step/staged-files.ts';
import { SortedSplit } from './sorted-split.ts';
import type { DecodeTask, RunsTask } from './split-decoder.ts';
import { SpareFromPort } from './spare-from-port.ts';
import { decodeIntoRuns } from './split-runs.ts';
import { sampleFile, type SampleTask } from './sample-file.ts';
import { seldom } from './seldom.ts';
import { pulse } from './thread-pulse.ts';

/** A thread keeps its connections and its sort buffer from split to split. */
const stores = new Map<string, FileStore>();
let buffer: SortBuffer | undefined;

/** A file is told of as often as a heartbeat could want it: of small ones there are thousands in a second, and each costs both threads. */
const TELL_MS = 100;

/** Where the main thread looks for the pulse of a task. */
interface Watched {
  pulse: { shared: SharedArrayBuffer; everyMs: number };
}

/** Entry point of a decoding thread. */
export default async function decodeInThread({
  task,
  port,
  ...watched
}: Watched & { task: DecodeTask; port: MessagePort }): Promise<DecodeReply> {
  const beating = beat(watched);
  try {
    if (buffer?.capacity !== task.bufferBytes) buffer = new SortBuffer({ capacity: task.bufferBytes });
    const functions = await threadFunctions(task.job, task.functionsPath);
    const tell = seldom((progress: object) => port.postMessage(progress), TELL_MS);
    const decoding = new SortedSplit(task, storeOf(task), buffer, tell, functions);
    const bytesSorted = await storeOf(task).write(task.path, decoding.chunks(), OWN_FILE);
    return { counts: { ...decoding.counts(), bytesSorted } };
  } catch (error) {
    return replyOfError(error);
  } finally {
    clearInterval(beating);
    port.close();
  }
}

/** Entry point for a split that stays in memory: its runs go to the main thread with their memory. */
export async function runsInThread({
  task,
  port,
  ...watched
}: Watched & { task: RunsTask & Pick<DecodeTask, 'hdfs'>; port: MessagePort }): Promise<RunsReply> {
  const beating = beat(watched);
  const spare = new SpareFromPort(task.spare, port);
  try {
    const functions = await threadFunctions(task.job, task.functionsPath);
    const tell = seldom((progress: object) => port.postMessage({ progress }), TELL_MS);
    const handOn = (run: SortedRun, isLast: boolean): void => port.postMessage({ run, isLast }, memoryOf(run));
    return { counts: await decodeIntoRuns({ ...task, spare }, storeOf(task), tell, handOn, functions) };
  } catch (error) {
    return replyOfError(error);
  } finally {
    clearInterval(beating);
    const left = spare.takeAll();
    port.postMessage({ end: true, spare: left }, left.flatMap(memoryOf));
    port.close();
  }
}

/** Entry point of a task that does nothing: the thread has loaded its modules when it ends. */
export function readyInThread(): void {
  // Nothing.
}

/** Entry point for a sample. */
export async function sampleInThread(task: Watched & SampleTask & Pick<DecodeTask, 'hdfs'>): Promise<SampleReply> {
  const beating = beat(task);
  try {
    const functions = await threadFunctions(task.job, task.functionsPath);
    return { sample: await sampleFile(storeOf(task), task, functions) };
  } catch (error) {
    return replyOfError(error);
  } finally {
    clearInterval(beating);
  }
}

/** Entry point for a look at a functions module: it runs code of the user's own when it is loaded. */
export async function functionsInThread({ path, ...watched }: Watched & { path: string }): Promise<FunctionsReply> {
  const beating = beat(watched);
  try {
    return { functions: summaryOf(await loadFunctions(path)) };
  } catch (error) {
    return replyOfError(error);
  } finally {
    clearInterval(beating);
  }
}

function beat({ pulse: { shared, everyMs } }: Watched): NodeJS.Timeout {
  pulse.attach(shared);
  return setInterval(() => pulse.turn(), everyMs);
}

function storeOf({ job, hdfs }: Pick<DecodeTask, 'job' | 'hdfs'>): FileStore {
  return openedOnce(stores, job.connections.hdfs, () => openFileStore(hdfs));
}
