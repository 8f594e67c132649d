import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { javaCommand, javaOptions } from '../../scripts/stack/java.ts';
import { installMavenPackage } from '../../scripts/stack/maven-package.ts';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import { stackFolder } from '../../scripts/stack/stack-state.ts';
import { endProcess } from './end-process.ts';

/** A record as it is sent; bytes as text, `null` for none. The broker's time where none is given. */
export interface JavaRecord {
  timestamp?: bigint;
  key: string | null;
  value: string | null;
  headers?: [name: string, value: string | null][];
}

/** A record as Java read it. */
export interface JavaReadRecord {
  offset: bigint;
  timestamp: bigint;
  key: string | null;
  value: string | null;
  headers: [name: string, value: string | null][];
}

/** A batch of a log as Java read it. */
export interface JavaReadBatch {
  baseOffset: bigint;
  lastOffset: bigint;
  control: boolean;
  leaderEpoch: number;
  timestampType: 'create' | 'append';
  maxTimestamp: bigint;
  producerId: bigint;
  producerEpoch: number;
  baseSequence: number;
  isTransactional: boolean;
  compression: string;
  bytes: number;
  /** Whether the cleaner has noted when tombstones and markers may go: timestamps are then counted from that time. */
  deleteHorizon: boolean;
  records: JavaReadRecord[];
}

type Shown<T> = { [K in keyof T]: T[K] extends bigint ? string : T[K] };
type ShownBatch = Omit<Shown<JavaReadBatch>, 'records'> & { records: Shown<JavaReadRecord>[] };

/** Kafka's Java client and its classes that read logs (test/java-kafka/KafkaTalk.java), in a process of their own. */
export class JavaKafka {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;
  readonly #brokers: string;

  private constructor(jars: string, brokers: readonly string[]) {
    const source = join(projectRoot, 'test', 'java-kafka', 'KafkaTalk.java');
    const logger = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error';
    this.#child = spawn(javaCommand(), [...javaOptions(256, true), logger, '-cp', join(jars, '*'), source], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#brokers = brokers.join();
  }

  static async start(brokers: readonly string[]): Promise<JavaKafka> {
    return new JavaKafka(await installMavenPackage('kafka', console.error), brokers);
  }

  /** Opens a producer that sends what it is given at once as one batch; transactional with a `transactional.id`. */
  async openProducer(producer: string, settings: Record<string, string> = {}): Promise<void> {
    const patient = { 'linger.ms': '60000', 'batch.size': '4000000', 'max.request.size': '8000000' };
    const all = { 'bootstrap.servers': this.#brokers, ...patient, 'buffer.memory': '16000000', ...settings };
    await this.#ask({ do: 'open', producer, settings: all });
  }

  /** Ends when the records are in the log. */
  async send(producer: string, topic: string, records: readonly JavaRecord[]): Promise<bigint[]> {
    const encoded = records.map(({ timestamp, key, value, headers = [] }) => ({
      timestamp: timestamp?.toString(),
      key: base64(key),
      value: base64(value),
      headers: headers.map(([name, text]) => [name, base64(text)]),
    }));
    return ((await this.#ask({ do: 'send', producer, topic, records: encoded })) as string[]).map(BigInt);
  }

  async transaction(step: 'begin' | 'commit' | 'abort', producer: string): Promise<void> {
    await this.#ask({ do: step, producer });
  }

  /** What a consumer with isolation read_committed gets of partition 0 up to an offset. */
  async consume(topic: string, to: bigint): Promise<JavaReadRecord[]> {
    const settings = { 'bootstrap.servers': this.#brokers, 'isolation.level': 'read_committed' };
    const records = await this.#ask({ do: 'consume', topic, to: Number(to), settings });
    return (records as Shown<JavaReadRecord>[]).map(readRecord);
  }

  /** The batches of partition 0 in the segment files of a stack's broker. */
  async log(stack: string, topic: string): Promise<JavaReadBatch[]> {
    const folder = partitionFolder(stack, `${topic}-0`);
    const batches = (await this.#ask({ do: 'log', folder })) as ShownBatch[];
    return batches.map(({ baseOffset, lastOffset, maxTimestamp, producerId, records, ...batch }) => ({
      ...batch,
      baseOffset: BigInt(baseOffset),
      lastOffset: BigInt(lastOffset),
      maxTimestamp: BigInt(maxTimestamp),
      producerId: BigInt(producerId),
      records: records.map(readRecord),
    }));
  }

  end(): Promise<unknown> {
    return endProcess(this.#child, 'SIGTERM');
  }

  async #ask(request: object): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await this.#answers.next();
    if (line.done) throw new Error(`KafkaTalk ended at ${JSON.stringify(request).slice(0, 200)}`);
    const { answer, error } = JSON.parse(line.value) as { answer?: unknown; error?: string };
    if (error !== undefined) throw new Error(`KafkaTalk: ${error}`);
    return answer;
  }
}

function base64(text: string | null): string | null {
  return text === null ? null : Buffer.from(text).toString('base64');
}

function textOf(bytes: string | null): string | null {
  return bytes === null ? null : Buffer.from(bytes, 'base64').toString();
}

function readRecord({ offset, timestamp, key, value, headers }: Shown<JavaReadRecord>): JavaReadRecord {
  const named = headers.map(([name, bytes]): [string, string | null] => [name, textOf(bytes)]);
  return {
    offset: BigInt(offset),
    timestamp: BigInt(timestamp),
    key: textOf(key),
    value: textOf(value),
    headers: named,
  };
}

function partitionFolder(stack: string, partition: string): string {
  const folder = stackFolder(stack);
  for (const broker of readdirSync(folder).filter((name) => name.startsWith('kafka'))) {
    const data = join(folder, broker, 'data');
    if (readdirSync(data).includes(partition)) return join(data, partition);
  }
  throw new Error(`no broker of stack ${stack} has a folder ${partition}`);
}
