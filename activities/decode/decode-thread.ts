import type { MessagePort } from 'node:worker_threads';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { openFileStore } from '../../connections/hdfs/open-file-store.ts';
import { SortBuffer } from '../../formats/sorted/sort-buffer.ts';
import { replyOfError, type DecodeReply } from './decode-reply.ts';
import { SplitDecoding } from './decode-split.ts';
import type { DecodeTask } from './decode-task.ts';

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
    const decoding = new SplitDecoding(task, storeOf(task), buffer, (progress) => port.postMessage(progress));
    const bytesSorted = await storeOf(task).write(task.path, decoding.chunks());
    return { counts: { ...decoding.counts(), bytesSorted } };
  } catch (error) {
    return replyOfError(error);
  } finally {
    port.close();
  }
}

function storeOf({ job, hdfs }: DecodeTask): FileStore {
  const name = job.connections.hdfs;
  const present = stores.get(name);
  if (present !== undefined) return present;
  const store = openFileStore(hdfs);
  stores.set(name, store);
  return store;
}
