import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { parseHdfsConfig } from '../connections/hdfs/config.ts';
import { openFileStore } from '../connections/hdfs/open-file-store.ts';
import { parseZooKeeperConfig } from '../connections/zookeeper/config.ts';
import { openNodeStore } from '../connections/zookeeper/open-node-store.ts';
import {
  fileStoreSink,
  verifyReplay,
  writeCamusArchive,
  type CamusArchive,
} from '../test/support/camus-archive/index.ts';
import { WorkerProcess } from '../test/support/worker-process.ts';
import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import type { ReplayProgress } from '../workflows/replay/progress.ts';
import { ProgressBar } from './demo/progress-bar.ts';
import { SourceTopic } from './demo/source-topic.ts';
import type { Stack } from './stack/development-stack.ts';
import { startStack } from './stack/start-stack.ts';

const TOPIC = 'events';
const GROUP = 'billing';
const LIVE_RECORDS = 1_000;

/** `npm run demo`: loses a topic and gets it back. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { keep: { type: 'boolean', default: false }, records: { type: 'string', default: '200000' } },
  });
  const name = values.keep ? 'demo' : `demo-${process.pid}`;
  say('1. Servers: Temporal, Kafka, HDFS, ZooKeeper');
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => interrupted.abort(new Error(`ended by ${signal}`)));
  const stack = await startStack({
    name,
    owned: !values.keep,
    signal: interrupted.signal,
    onProgress: (line) => console.log(`  ${line}`),
  });
  let worker: WorkerProcess | undefined;
  try {
    worker = await WorkerProcess.start({ environment: { ...stack.environment, REWIND_SPLIT_MIB: '2' } });
    console.log(`  a worker polls the task queue rewind (process ${worker.pid})`);
    await Promise.race([replayLostTopic(stack, Number(values.records)), rejectOnAbort(interrupted.signal)]);
    if (values.keep)
      console.log(
        `\nThe servers still run: look around at ${stack.addresses.temporalUi}, end them with\n  npm run stack -- down --name ${name}`,
      );
  } finally {
    await worker?.end();
    if (!values.keep) await stack.down({ deleteData: true });
  }
}

async function replayLostTopic(stack: Stack, records: number): Promise<void> {
  say(`2. An archive as Camus writes it: topic ${TOPIC}, ${records} records, 24 hours, 4 partitions`);
  const store = openFileStore(parseHdfsConfig({ urls: [stack.addresses.namenode], user: 'rewind' }, 'demo'));
  const base = `/demo-${Date.now()}`;
  const archive = await writeCamusArchive({
    dest: `${base}/topics`,
    exec: `${base}/exec`,
    topics: [TOPIC],
    records,
    sink: fileStoreSink(store),
  });
  await store.write(`${base}/${TOPIC}.avsc`, [Buffer.from(archive.truth().outputSchema)]);
  await store.close();
  console.log(`  ${archive.layout().files.length} files below ${base}/topics/${TOPIC}/hourly`);

  say('3. The topic is lost');
  const source = new SourceTopic(stack.addresses.kafka, archive);
  await source.fill(LIVE_RECORDS);
  await source.lose();
  console.log(`  ${TOPIC} begins where Camus stopped; ${LIVE_RECORDS} records came since`);

  say('4. The replay');
  const job = {
    topic: TOPIC,
    archive: { dest: `${base}/topics`, exec: `${base}/exec` },
    output: { schema: `${base}/${TOPIC}.avsc` },
    offsets: { group: GROUP, zookeeper: true, kafka: true },
  };
  console.log(indent(JSON.stringify(job, null, 2)));
  const connection = await Connection.connect({ address: stack.addresses.temporal });
  const workflowId = `replay-${TOPIC}-${Date.now()}`;
  const handle = await new Client({ connection }).workflow.start('replay', {
    args: [job],
    taskQueue: 'rewind',
    workflowId,
  });
  console.log(`  ${stack.addresses.temporalUi}/namespaces/default/workflows/${workflowId}`);
  const result = await watch(handle);
  await connection.close();
  console.log(indent(JSON.stringify(result, null, 2)));

  say('5. What a plain read_committed consumer finds');
  await check(stack, archive, source);
}

async function watch(handle: WorkflowHandle): Promise<ReplayResult> {
  const bar = new ProgressBar();
  const done = handle.result() as Promise<ReplayResult>;
  const ended = done.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([ended, sleep(250)]))) {
    const state = await handle.query<ReplayProgress | undefined>('progress').catch(() => undefined);
    if (state !== undefined) bar.show(state);
  }
  bar.end();
  return done;
}

async function check(stack: Stack, archive: CamusArchive, source: SourceTopic): Promise<void> {
  const verification = await verifyReplay({
    brokers: stack.addresses.kafka,
    topic: `${TOPIC}_REPLAY`,
    truth: archive.truth(),
  });
  console.log(indent(verification.summary));
  const inKafka = await source.committedOffsets(GROUP);
  const inZooKeeper = await zooKeeperOffsets(stack, archive);
  console.log(`  offsets of group ${GROUP} for ${TOPIC}: partition, expected, in ZooKeeper, in Kafka`);
  let right = verification.ok;
  for (const { partition, offset } of archive.offsets()) {
    const [zookeeper, kafka] = [inZooKeeper.get(partition), inKafka.get(partition)];
    console.log(`    ${partition}  ${offset}  ${zookeeper}  ${kafka}`);
    right &&= zookeeper === offset.toString() && kafka === offset.toString();
  }
  const live = await source.consumeFromCommitted(GROUP, LIVE_RECORDS);
  console.log(`  from there the group reads ${live} records of the live topic, of ${LIVE_RECORDS}`);
  right &&= live === LIVE_RECORDS;
  if (!right) throw new Error('the replay is not what it should be: see above');
  console.log('\nEvery record is there once and in order, and the group goes on without a gap or an overlap.');
}

async function zooKeeperOffsets(stack: Stack, archive: CamusArchive): Promise<Map<number, string>> {
  const store = await openNodeStore(parseZooKeeperConfig({ hosts: stack.addresses.zookeeper }, 'demo'));
  const found = new Map<number, string>();
  for (const { partition } of archive.offsets()) {
    const node = await store.get(`/consumers/${GROUP}/offsets/${TOPIC}/${partition}`);
    if (node !== undefined) found.set(partition, node.data.toString());
  }
  await store.close();
  return found;
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}

function say(title: string): void {
  console.log(`\n${title}`);
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}

/** The chain of causes, outermost first. */
function reasonOf(error: unknown): string {
  return error instanceof Error
    ? [error.message, reasonOf(error.cause)].filter((line) => line !== '').join('\n  ')
    : '';
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof WorkflowFailedError ? reasonOf(error) : error);
    process.exit(1);
  },
);
