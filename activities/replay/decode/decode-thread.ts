import type { MessagePort } from 'node:worker_threads';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { openFileStore } from '../../../connections/hdfs/open-file-store.ts';
import { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import { threadFunctions } from '../functions/job-functions.ts';
import { replyOfError, type DecodeReply, type SampleReply } from './decode-reply.ts';
import { SplitDecoding } from './decode-split.ts';
import type { DecodeTask } from './decode-task.ts';
import { sampleFile, type SampleTask } from './sample-file.ts';

/** A thread keeps its connections and its sort buffer from split to split. */
const stores = new Map<string, FileStore>();
let buffer: SortBuffer | undefined;

/** Entry point of a decoding thread. */
export default async function decodeInThread({
  task,
  port,
}: {
  task: DecodeTask;
  port: MessagePort;
}): Promise<DecodeReply> {
  try {
    if (buffer?.capacity !== task.bufferBytes) buffer = new SortBuffer({ capacity: task.bufferBytes });
    const functions = await threadFunctions(task.job, task.functionsPath);
    const tell = (progress: object): void => port.postMessage(progress);
    const decoding = new SplitDecoding(task, storeOf(task), buffer, tell, functions);
    const bytesSorted = await storeOf(task).write(task.path, decoding.chunks());
    return { counts: { ...decoding.counts(), bytesSorted } };
  } catch (error) {
    return replyOfError(error);
  } finally {
    port.close();
  }
}

/** Entry point for a sample. */
export async function sampleInThread(task: SampleTask & Pick<DecodeTask, 'hdfs'>): Promise<SampleReply> {
  try {
    const functions = await threadFunctions(task.job, task.functionsPath);
    return { sample: await sampleFile(storeOf(task), task, functions) };
  } catch (error) {
    return replyOfError(error);
  }
}

function storeOf({ job, hdfs }: Pick<DecodeTask, 'job' | 'hdfs'>): FileStore {
  const name = job.connections.hdfs;
  const present = stores.get(name);
  if (present !== undefined) return present;
  const store = openFileStore(hdfs);
  stores.set(name, store);
  return store;
}
