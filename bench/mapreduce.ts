import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTopics } from '../scripts/stack/create-topics.ts';
import type { ReplayInput } from '../activities/replay/job/job-input.ts';
import type { Stack } from '../scripts/stack/development-stack.ts';
import { fileStoreSink, writeCamusArchive } from '../test/support/camus-archive/index.ts';
import type { CamusArchive } from '../test/support/camus-archive/index.ts';
import { readTopicToItsEnd } from '../test/support/camus-archive/topic-reader.ts';
import { onHarness } from '../test/support/on-stack.ts';
import type { ReplayHarness } from '../test/support/replay-harness.ts';
import { parseKafkaConfig } from '../connections/kafka/config.ts';
import { openKafka } from '../connections/kafka/open-kafka.ts';
import { compileJava } from './compile-java.ts';
import { FirstRecord } from './first-record.ts';
import { machineCpuSeconds } from './machine-cpu.ts';
import { replayByMapReduce } from './mapreduce/replay-by-mapreduce.ts';
import { replayByRewind } from './mapreduce/replay-by-rewind.ts';
import { ReplayedRecords } from './mapreduce/replayed-records.ts';
import { processUsage } from './process-usage.ts';
import type { TimedRun } from './run-timed.ts';

/**
 * A MapReduce job (bench/java/MapReduceReplay.java) and Rewind in turn: the same archive, HDFS and broker, Avro-JSON to
 * one partition in order of time, Rewind with its default settings, and with `sort: "whole"`. Each from the start of
 * its processes to their end; what each published is then read back, and compared with what is in the archive: number,
 * order, content.
 *
 *     npm run bench:mapreduce -- --records 1000000|5000000|20000000 [--runs 2] [--only mapreduce,rewind,whole]
 *                                [--stack NAME] [--report FILE]
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '2' },
    only: { type: 'string' },
    stack: { type: 'string' },
    /** File to which a line of JSON is appended for each run. */
    report: { type: 'string' },
  },
});
const records = Number(values.records);

/** `whole`: Rewind with `sort: "whole"`, all else as by default. */
const CONTENDERS = ['mapreduce', 'rewind', 'whole'] as const;
type Contender = (typeof CONTENDERS)[number];

interface Run extends TimedRun {
  who: Contender;
  /** CPU seconds by server. */
  servers: Record<string, number>;
  /** Until consumers could read the first record. */
  firstRecordSeconds: number | undefined;
  /** CPU seconds that neither the run nor the servers took: what else the machine did. */
  otherSeconds: number;
}

await onHarness(values.stack, { purpose: 'bench', onProgress: console.error }, measure);

async function measure(harness: ReplayHarness, stack: Stack): Promise<void> {
  const topic = `views_${harness.id}`;
  const dest = `${harness.folder}/dest`;
  const exec = `${harness.folder}/exec`;
  const schema = `${harness.folder}/schema.avsc`;
  console.error(`writing ${records} records to ${dest}`);
  const sink = fileStoreSink(harness.store);
  const archive = await writeCamusArchive({ dest, exec, topics: [topic], records, sink });
  await harness.store.write(schema, [Buffer.from(archive.truth().outputSchema)]);
  const classes = mkdtempSync(join(tmpdir(), 'rewind-mapreduce-'));
  const runs: Run[] = [];
  const kafka = openKafka(parseKafkaConfig({ brokers: harness.stack.kafka.join(',') }, 'bench'));
  try {
    const classPath = await compileJava('mapreduce', ['MapReduceReplay'], classes);
    const job = (to: string): ReplayInput => ({
      topic,
      replayTopic: { name: to },
      archive: { dest, exec },
      output: { schema },
    });
    const contenders = {
      mapreduce: (to: string) =>
        replayByMapReduce(stack, { classPath, input: `${dest}/${topic}/hourly/*/*/*/*`, schema, topic: to }),
      rewind: (to: string) => replayByRewind(stack.addresses, `replay-${to}`, job(to)),
      whole: (to: string) => replayByRewind(stack.addresses, `replay-${to}`, { ...job(to), sort: 'whole' }),
    };
    console.log('who         seconds   records/s  CPU µs/record  with servers  peak MiB  other CPU s');
    for (let round = 0; round < Number(values.runs); round += 1)
      for (const who of CONTENDERS) {
        if (values.only?.split(',').includes(who) === false) continue;
        const to = `${topic}_${who}_${round}`;
        if (who === 'mapreduce') await createTopic(harness, to);
        const first = new FirstRecord(kafka, to);
        const accountedFor = await accounted(stack, who, () => contenders[who](to));
        const run = { ...accountedFor, firstRecordSeconds: await first.end() };
        await verify(harness, to, archive);
        await harness.admin((admin) => admin.deleteTopics({ topics: [to] }));
        runs.push(run);
        tell(run);
      }
  } finally {
    await kafka.close();
    rmSync(classes, { recursive: true, force: true });
  }
  tellRatio(runs);
}

/** One partition, which keeps everything. */
async function createTopic(harness: ReplayHarness, topic: string): Promise<void> {
  const configEntries = [{ name: 'retention.ms', value: '-1' }];
  const topics = [{ topic, numPartitions: 1, replicationFactor: 1, configEntries }];
  await harness.admin((admin) => createTopics(admin, topics));
}

async function accounted(
  stack: Stack,
  who: Contender,
  replay: () => Promise<TimedRun>,
): Promise<Omit<Run, 'firstRecordSeconds'>> {
  const ofServers = (): Record<string, number> =>
    Object.fromEntries(
      Object.values(stack.servers).flatMap(({ name, pid }) =>
        pid === undefined ? [] : [[name, processUsage(pid).cpuSeconds]],
      ),
    );
  const before = ofServers();
  const machine = machineCpuSeconds();
  const timed = await replay();
  const busy = machineCpuSeconds() - machine;
  const after = Object.entries(ofServers()).map(([name, cpu]) => [name, cpu - (before[name] ?? 0)] as const);
  const otherSeconds = busy - timed.cpuSeconds - after.reduce((sum, [, cpu]) => sum + cpu, 0);
  return { who, ...timed, servers: Object.fromEntries(after), otherSeconds };
}

/** @throws Error where the topic doesn't hold what is in the archive */
async function verify(harness: ReplayHarness, topic: string, archive: CamusArchive): Promise<void> {
  const replayed = new ReplayedRecords(archive.truth());
  const ends = await readTopicToItsEnd({ brokers: harness.stack.kafka, topic }, (_, { value }) => replayed.take(value));
  if (ends.length !== 1) throw new Error(`${topic} has ${ends.length} partitions, expected one`);
  replayed.assertRight();
}

function tell(run: Run): void {
  const micros = (seconds: number): string => ((seconds / records) * 1e6).toFixed(1);
  const ofServers = Object.values(run.servers).reduce((sum, cpu) => sum + cpu, 0);
  const cells = [
    [run.seconds.toFixed(1), 8],
    [String(Math.round(records / run.seconds)), 12],
    [micros(run.cpuSeconds), 15],
    [micros(run.cpuSeconds + ofServers), 14],
    [String(run.togetherMiB), 10],
    [run.otherSeconds.toFixed(1), 13],
  ] as const;
  console.log(run.who.padEnd(11) + cells.map(([text, width]) => text.padStart(width)).join(''));
  const servers = Object.entries(run.servers).map(([name, cpu]) => `${name} ${micros(cpu)}`);
  const first = run.firstRecordSeconds?.toFixed(1) ?? 'no';
  console.log(`  verified; first record after ${first} s; CPU of the servers, µs/record: ${servers.join(', ')}`);
  if (values.report !== undefined) appendFileSync(values.report, `${JSON.stringify({ records, ...run })}\n`);
}

function tellRatio(runs: readonly Run[]): void {
  const rate = (who: Contender): number => {
    const seconds = runs
      .filter((run) => run.who === who)
      .map((run) => run.seconds)
      .sort((a, b) => a - b);
    const middle = seconds.length >> 1;
    const median = seconds.length % 2 === 1 ? seconds[middle]! : (seconds[middle - 1]! + seconds[middle]!) / 2;
    return records / median;
  };
  if (values.only !== undefined) return;
  const mapreduce = rate('mapreduce');
  for (const who of ['rewind', 'whole'] as const)
    console.log(
      `ratio ${(rate(who) / mapreduce).toFixed(2)}: ${who} ${Math.round(rate(who))} records/s, MapReduce ${Math.round(mapreduce)}`,
    );
}
