import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import kafkajs from 'kafkajs';
import { createTopics } from '../../scripts/stack/create-topics.ts';
import type { ArchiveInput } from '../../activities/archive/job/archive-input.ts';
import { readStoredOffsets, type StoredOffsets } from '../../activities/archive/history/stored-offsets.ts';
import { baseName } from '../../connections/hdfs/hdfs-path.ts';
import { parseArchiveName } from '../../layouts/camus/archive-names.ts';
import type { ArchiveResult } from '../../workflows/archive/archive-result.ts';
import { plainLongs, readContainer } from './camus-archive/read-back.ts';
import { reasonOf, type ReplayHarness } from './replay-harness.ts';

// A CommonJS module, whose names Node can't all see.
const { Kafka, logLevel } = kafkajs;

export interface ArchivedFile {
  path: string;
  topic: string;
  partition: number;
  count: number;
  nextOffset: bigint;
  bucketStartMs: number | undefined;
  length: number;
}

/** One test's archive: topics of its own, a DEST and an EXEC below the test's folder. */
export class ArchiveHarness {
  readonly dest: string;
  readonly exec: string;
  readonly #base: ReplayHarness;
  readonly #kafka: kafkajs.Kafka;

  constructor(base: ReplayHarness, name = 'archive') {
    this.#base = base;
    this.dest = `${base.folder}/${name}/dest`;
    this.exec = `${base.folder}/${name}/exec`;
    this.#kafka = new Kafka({ brokers: base.stack.kafka, logLevel: logLevel.NOTHING });
  }

  get history(): string {
    return `${this.exec}/history`;
  }

  topic(name: string): string {
    return `${name}_${this.#base.id}`;
  }

  async createTopic(
    topic: string,
    numPartitions = 1,
    configEntries: { name: string; value: string }[] = [],
  ): Promise<void> {
    await this.#base.admin((admin) => createTopics(admin, [{ topic, numPartitions, configEntries }]));
  }

  async produce(topic: string, messages: kafkajs.Message[]): Promise<void> {
    const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (let at = 0; at < messages.length; at += 1000)
      await producer.send({ topic, messages: messages.slice(at, at + 1000) });
    await producer.disconnect();
  }

  get kafka(): kafkajs.Kafka {
    return this.#kafka;
  }

  get brokers(): string[] {
    return this.#base.stack.kafka;
  }

  async admin<T>(use: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
    return this.#base.admin(use);
  }

  job(input: Partial<ArchiveInput> & { topics: ArchiveInput['topics'] }): ArchiveInput {
    return { dest: this.dest, exec: this.exec, value: 'json', ...input };
  }

  async start(
    job: ArchiveInput,
    workflowId = `archive-${this.#base.id}-${randomBytes(4).toString('hex')}`,
  ): Promise<WorkflowHandle> {
    return this.#base.client.workflow.start('archive', { args: [job], taskQueue: this.#base.taskQueue, workflowId });
  }

  async run(job: ArchiveInput): Promise<ArchiveResult> {
    const handle = await this.start(job);
    try {
      return (await handle.result()) as ArchiveResult;
    } catch (error) {
      throw error instanceof WorkflowFailedError ? new Error(reasonOf(error)) : error;
    }
  }

  /** Data files of a topic, in the order of their paths. */
  async files(topic: string): Promise<ArchivedFile[]> {
    const files: ArchivedFile[] = [];
    for await (const { path, length } of this.#walk(`${this.dest}/${topic.replaceAll('.', '_')}`)) {
      if (path.includes('/.')) continue; // hidden from readers: schemas, not data
      const name = parseArchiveName(baseName(path));
      if (name === undefined) throw new Error(`${path} is no name of Camus`);
      files.push({ path, length, ...name });
    }
    return files;
  }

  /** Everything below DEST that is not data: what a run should not leave. */
  async debris(): Promise<string[]> {
    const found: string[] = [];
    for await (const { path } of this.#walk(`${this.dest}/.rewind`)) found.push(path);
    return found;
  }

  /** Lines of a topic's files, or records of Avro as JSON, by partition, files in the order of their next offsets. */
  async lines(topic: string): Promise<Map<number, string[]>> {
    const byPartition = new Map<number, string[]>();
    const files = (await this.files(topic)).toSorted((a, b) => Number(a.nextOffset - b.nextOffset));
    for (const { path, length, partition, count } of files) {
      const lines = await this.recordsIn(path, Buffer.from(await this.#base.store.read(path, 0, length)));
      if (lines.length !== count) throw new Error(`${path} says ${count} records and holds ${lines.length}`);
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), ...lines]);
    }
    return byPartition;
  }

  /** The lines of a data file, or its Avro records as JSON. */
  async recordsIn(path: string, bytes: Buffer): Promise<string[]> {
    if (path.endsWith('.avro')) {
      const { records } = await readContainer(bytes);
      return records.map((record) => JSON.stringify(record, plainLongs));
    }
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    return text.split('\n').slice(0, -1);
  }

  async executions(): Promise<string[]> {
    const names: string[] = [];
    if ((await this.#base.store.status(this.history)) === undefined) return names;
    for await (const { path } of this.#base.store.list(this.history)) names.push(baseName(path));
    return names;
  }

  async offsets(): Promise<StoredOffsets> {
    const newest = (await this.executions()).at(-1);
    if (newest === undefined) return new Map();
    return readStoredOffsets(this.#base.store, `${this.history}/${newest}`, new AbortController().signal);
  }

  async *#walk(folder: string): AsyncGenerator<{ path: string; length: number }> {
    if ((await this.#base.store.status(folder)) === undefined) return;
    for await (const { path, kind, length } of this.#base.store.list(folder))
      if (kind === 'directory') yield* this.#walk(path);
      else yield { path, length };
  }
}
