import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { archiveResultLines } from '../cli/archive-lines.ts';
import { resultLines } from '../cli/result-lines.ts';
import { WorkerProcess } from '../test/support/worker-process.ts';
import type { ArchiveProgress } from '../workflows/archive/archive-progress.ts';
import type { ArchiveResult } from '../workflows/archive/archive-result.ts';
import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import type { ReplayProgress } from '../workflows/replay/progress.ts';
import { checkCircle } from './demo/check-circle.ts';
import { ProgressBar } from './demo/progress-bar.ts';
import { HOUR_MS, SourceTopic } from './demo/source-topic.ts';
import type { Stack } from './stack/development-stack.ts';
import { rejectOnAbort } from './stack/reject-on-abort.ts';
import { startStack } from './stack/start-stack.ts';
import { ToldLines } from './stack/told-lines.ts';

const TOPIC = 'events';
const GROUP = 'billing';
const LIVE_RECORDS = 1_000;

const told = new ToldLines(process.stdout, '  ');

/** `npm run demo`: archives a topic, loses it, gets it back, and goes on with what is live. */
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
    onProgress: told.line,
    onTick: told.now,
  });
  told.clear();
  let worker: WorkerProcess | undefined;
  try {
    const starting = WorkerProcess.start({ environment: { ...stack.environment, REWIND_SPLIT_MIB: '2' } });
    worker = await told.during(() => 'starting a worker', starting);
    told.line(`a worker polls the task queue rewind (process ${worker.pid})`);
    await Promise.race([circle(stack, Number(values.records)), rejectOnAbort(interrupted.signal)]);
    if (values.keep)
      console.log(
        `\nThe servers still run: look around at ${stack.addresses.temporalUi}, end them with\n  npm run stack -- down --name ${name}`,
      );
  } finally {
    await worker?.end();
    if (!values.keep) await stack.down({ deleteData: true });
  }
}

async function circle(stack: Stack, records: number): Promise<void> {
  const { addresses } = stack;
  const connection = await Connection.connect({ address: addresses.temporal });
  const client = new Client({ connection });
  const base = `/demo-${Date.now()}`;
  const run = async <Progress extends { step: string }>(
    type: string,
    job: object,
    show: (bar: ProgressBar, of: Progress) => void,
  ) => {
    const workflowId = `${type}-${TOPIC}-${Date.now()}`;
    const handle = await client.workflow.start(type, { args: [job], taskQueue: 'rewind', workflowId });
    tell(`${addresses.temporalUi}/namespaces/default/workflows/${workflowId}`);
    const bar = new ProgressBar();
    const done = handle.result() as Promise<unknown>;
    const ended = done.then(
      () => true,
      () => true,
    );
    const look = async (): Promise<void> => {
      const state = await handle.query<Progress | undefined>('progress').catch(() => undefined);
      if (state !== undefined) show(bar, state);
    };
    while (!(await Promise.race([ended, sleep(250)]))) await look();
    await look();
    bar.end();
    return done;
  };

  say(`2. A topic: ${TOPIC}, ${records} records of JSON, 24 hours, 4 partitions`);
  const source = new SourceTopic(addresses.kafka, TOPIC);
  await told.during(() => 'creating it', source.create());
  await told.during(() => `${source.sent} of ${records} records`, source.send(records, 24 * HOUR_MS));
  const ends = [...source.ends];

  say('3. The archive: every record once into files on HDFS, as Camus names them');
  const job = {
    topics: { include: [TOPIC] },
    dest: `${base}/topics`,
    exec: `${base}/exec`,
    value: 'json',
    time: { format: 'unix_milliseconds' },
  };
  tell(JSON.stringify(job, null, 2));
  const archive = async (): Promise<ArchiveResult> =>
    (await run<ArchiveProgress>('archive', job, (bar, state) => bar.archive(state))) as ArchiveResult;
  tell(archiveResultLines(await archive()).join('\n'));

  say('4. The topic is lost: retention was too short, or somebody deleted its records');
  await told.during(
    () => 'new records, and the loss',
    source.send(LIVE_RECORDS, HOUR_MS).then(() => source.lose(ends)),
  );
  tell(`${TOPIC} begins at offsets ${(await source.starts()).join(', ')}; ${LIVE_RECORDS} records came since`);

  say('5. The replay: all of them into a topic of their own, in the order of their times');
  const replay = {
    topic: TOPIC,
    archive: { dest: job.dest, history: `${job.exec}/history` },
    time: job.time,
    output: { encoding: 'original' },
    offsets: { group: GROUP, zookeeper: true, kafka: true },
  };
  tell(JSON.stringify(replay, null, 2));
  const replayed = await run<ReplayProgress>('replay', replay, (bar, state) => bar.replay(state));
  tell(resultLines(replayed as ReplayResult).join('\n'));

  say('6. What consumers find');
  const expected = { addresses, source, group: GROUP, archived: records, ends, live: LIVE_RECORDS };
  await told.during(() => 'reading and comparing', checkCircle(expected, told.line));

  say('7. The next run of the archive: what came since');
  const next = await archive();
  tell(archiveResultLines(next).join('\n'));
  await connection.close();
  if (next.records !== String(LIVE_RECORDS)) throw new Error(`the next run was to archive ${LIVE_RECORDS} records`);
  console.log('\nEvery record is there once and in order, and the group goes on without a gap or an overlap.');
  say('Next');
  tell(
    'npm run demo -- --keep      leaves the servers, to look around in the Web UI and with npm run rewind -- status',
  );
  tell('README.md, A replay by hand with a job of your own; npm run rewind -- doctor examines your servers');
  tell('docs/runbook.md             the day when a topic of yours is gone');
}

function say(title: string): void {
  console.log(`\n${title}`);
}

function tell(text: string): void {
  console.log(text.replace(/^/gm, '  '));
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
