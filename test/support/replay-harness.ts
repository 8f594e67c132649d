import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  Client,
  Connection,
  WorkflowFailedError,
  type WorkflowHandle,
  type WorkflowHandleWithFirstExecutionRunId,
} from '@temporalio/client';
import kafkajs from 'kafkajs';
import { createTopics } from '../../scripts/stack/create-topics.ts';
import { withAdmin } from '../../scripts/stack/with-admin.ts';
import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { parseHdfsConfig } from '../../connections/hdfs/config.ts';
import { openFileStore } from '../../connections/hdfs/open-file-store.ts';
import { parseZooKeeperConfig } from '../../connections/zookeeper/config.ts';
import type { NodeStore } from '../../connections/zookeeper/node-store.ts';
import { openNodeStore } from '../../connections/zookeeper/open-node-store.ts';
import type { StackAddresses } from '../../scripts/stack/stack-addresses.ts';
import { HDFS_SUPERUSER } from '../../scripts/stack/hadoop.ts';
import { stackEnvironment } from '../../scripts/stack/stack-addresses.ts';
import type { ReplayResult } from '../../workflows/replay/replay-result.ts';
import { readTopicToItsEnd } from './camus-archive/topic-reader.ts';
import { WorkerProcess } from './worker-process.ts';

// A CommonJS module, whose names Node can't all see.
const { Kafka, logLevel } = kafkajs;

export interface ReplayedMessage {
  partition: number;
  offset: string;
  timestamp: string;
  key: Buffer | null;
  value: Buffer;
  headers: Record<string, string>;
}

/** One test's place on the stack: a folder, a task queue and names of its own, and workers that end with it. */
export class ReplayHarness {
  readonly stack: StackAddresses;
  readonly store: FileStore;
  readonly client: Client;
  readonly id = randomBytes(4).toString('hex');
  readonly taskQueue = `rewind-${this.id}`;
  /** Folder of this test on HDFS. */
  readonly folder = `/tests/${this.id}`;
  readonly #connection: Connection;
  readonly #workers = new Set<WorkerProcess>();
  readonly #kafka: kafkajs.Kafka;

  private constructor(stack: StackAddresses, connection: Connection) {
    this.stack = stack;
    this.#connection = connection;
    this.client = new Client({ connection });
    this.store = openFileStore(parseHdfsConfig({ urls: [stack.namenode], user: 'rewind' }, 'test'));
    this.#kafka = new Kafka({ brokers: stack.kafka, logLevel: logLevel.NOTHING });
  }

  static async open(stack: StackAddresses): Promise<ReplayHarness> {
    return new ReplayHarness(stack, await Connection.connect({ address: stack.temporal }));
  }

  /** Starts a worker that serves this test's task queue; it is ended with the harness. */
  async startWorker(
    environment: Record<string, string | undefined> = {},
    nodeArguments: string[] = [],
    entry?: string,
  ): Promise<WorkerProcess> {
    const worker = await WorkerProcess.start({
      nodeArguments,
      entry,
      environment: {
        ...stackEnvironment(this.stack),
        REWIND_TASK_QUEUE: this.taskQueue,
        REWIND_THREADS: '2',
        ...environment,
      },
    });
    this.#workers.add(worker);
    return worker;
  }

  /** Starts a job; what it stages is below the test's folder unless it says otherwise. */
  async start(
    job: ReplayInput,
    workflowId = `replay-${this.id}-${randomBytes(4).toString('hex')}`,
  ): Promise<WorkflowHandleWithFirstExecutionRunId> {
    const args = [{ staging: `${this.folder}/staging`, ...job }];
    return this.client.workflow.start('replay', { args, taskQueue: this.taskQueue, workflowId });
  }

  async replay(job: ReplayInput): Promise<ReplayResult> {
    const handle = await this.start(job);
    try {
      return (await handle.result()) as ReplayResult;
    } catch (error) {
      // Without its cause: Vitest would print the whole chain with every detail.
      throw error instanceof WorkflowFailedError ? new Error(reasonOf(error)) : error;
    }
  }

  /** The message of the failure that a job ends with, and its type. */
  async failure(job: ReplayInput): Promise<{ type: string | undefined; message: string }> {
    return this.failureOf(await this.start(job));
  }

  /** As `failure`, of a job that runs. Of the chain of causes it is the first failure of Rewind's own, or the last. */
  async failureOf(handle: WorkflowHandle): Promise<{ type: string | undefined; message: string }> {
    try {
      await handle.result();
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      let cause = error as { cause?: unknown; type?: string; message: string };
      while (cause.cause instanceof Error && !('type' in cause && cause.type?.startsWith('rewind.') === true))
        cause = cause.cause;
      return { type: cause.type, message: cause.message };
    }
    throw new Error('the job was expected to fail, and succeeded');
  }

  /** Copies a local folder to HDFS, as it is. */
  async upload(local: string, target: string): Promise<void> {
    const entries = await readdir(local, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const next = files.values();
    const copyAll = async (): Promise<void> => {
      for (const file of next) await this.store.write(`${target}/${relative(local, file)}`, [await readFile(file)]);
    };
    await Promise.all(Array.from({ length: 8 }, copyAll));
  }

  /** What a plain read_committed consumer reads, in the order in which it comes. */
  async read(topic: string): Promise<ReplayedMessage[]> {
    const messages: ReplayedMessage[] = [];
    await readTopicToItsEnd(
      { brokers: this.stack.kafka, topic },
      (partition, { offset, timestamp, key, value, headers }) => {
        const texts = Object.entries(headers ?? {}).map(([name, bytes]) => [name, String(bytes)] as const);
        messages.push({
          partition,
          offset,
          timestamp,
          key,
          value: value ?? Buffer.alloc(0),
          headers: Object.fromEntries(texts),
        });
      },
    );
    return messages;
  }

  async admin<T>(use: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
    return withAdmin(this.#kafka, use);
  }

  /** Creates a source topic whose log begins and ends at the offsets, as one is that retention has emptied. */
  async createSource(topic: string, offsets: readonly { partition: number; offset: bigint }[]): Promise<void> {
    const numPartitions = Math.max(1, ...offsets.map(({ partition }) => partition + 1));
    await this.admin((admin) => createTopics(admin, [{ topic, numPartitions }]));
    const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (const { partition, offset } of offsets)
      for (let sent = 0; sent < Number(offset); sent += 1000) {
        const messages = Array.from({ length: Math.min(1000, Number(offset) - sent) }, () => ({
          partition,
          value: '',
        }));
        await producer.send({ topic, messages });
      }
    await producer.disconnect();
    const partitions = offsets.map(({ partition, offset }) => ({ partition, offset: offset.toString() }));
    await this.admin(async (admin) => {
      await admin.fetchTopicOffsets(topic); // kafkajs deletes only from topics whose leaders it has seen
      await admin.deleteTopicRecords({ topic, partitions });
    });
  }

  async zookeeper<T>(use: (store: NodeStore) => Promise<T>): Promise<T> {
    const store = await openNodeStore(parseZooKeeperConfig({ hosts: this.stack.zookeeper }, 'test'));
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.end('SIGKILL')));
    await this.store.delete(this.folder, { recursive: true }).catch(() => this.#deleteAsSuperuser());
    await this.store.close();
    await this.#connection.close();
  }

  /** What workers of other users have left below the test's folder is theirs. */
  async #deleteAsSuperuser(): Promise<void> {
    const store = openFileStore(parseHdfsConfig({ urls: [this.stack.namenode], user: HDFS_SUPERUSER }, 'test'));
    await store.delete(this.folder, { recursive: true });
    await store.close();
  }
}

/** The chain of causes, outermost first. */
export function reasonOf(error: unknown): string {
  return error instanceof Error
    ? [error.message, reasonOf(error.cause)].filter((line) => line !== '').join('\n  ')
    : '';
}
