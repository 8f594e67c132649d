import { appendFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTopics } from '../scripts/stack/create-topics.ts';
import type { Stack } from '../scripts/stack/development-stack.ts';
import { fileStoreSink, writeCamusArchive } from '../test/support/camus-archive/index.ts';
import type { ReplayHarness } from '../test/support/replay-harness.ts';
import type { ReplayInput } from '../activities/replay/job/job-input.ts';
import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import { onHarness } from '../test/support/on-stack.ts';
import { cpuBySteps } from './cpu-by-steps.ts';
import { processUsage } from './process-usage.ts';
import { producerPerformance } from './producer-performance.ts';

/**
 * A whole replay, timed by its own result: records a second and CPU of each step, CPU and peak memory of the worker,
 * and Kafka's own producer benchmark on the same broker before and after it.
 *
 *     npm run bench:replay -- --records 1000000 [--encoding avro-binary] [--stack NAME] [--split-mib 16]
 *                             [--sort whole|windows|auto] [--profile FOLDER] [--report FILE]
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    encoding: { type: 'string', default: 'avro-json' },
    /** `whole`, `windows` or `auto`. @default that of a job */
    sort: { type: 'string' },
    stack: { type: 'string' },
    /** Folder for CPU profiles of the worker. */
    profile: { type: 'string' },
    'split-mib': { type: 'string', default: '16' },
    /** File to which a line of JSON is appended. */
    report: { type: 'string' },
  },
});

/** As many as show a steady rate. */
const PERFORMANCE_RECORDS = 1_000_000;

await onHarness(values.stack, { purpose: 'bench' }, measure);

async function measure(harness: ReplayHarness, stack: Stack): Promise<void> {
  const topic = `bench_${harness.id}`;
  const records = Number(values.records);
  const archive = await writeCamusArchive({
    dest: `${harness.folder}/dest`,
    exec: `${harness.folder}/exec`,
    topics: [topic],
    records,
    sink: fileStoreSink(harness.store),
  });
  await harness.store.write(`${harness.folder}/schema.avsc`, [Buffer.from(archive.truth().outputSchema)]);
  const nodeArguments = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const worker = await harness.startWorker({ REWIND_SPLIT_MIB: values['split-mib'] }, nodeArguments);
  const before = processUsage(worker.pid);
  const started = performance.now();
  const { sort } = values;
  const handle = await harness.start({
    topic,
    ...(sort !== undefined && { sort: sort as NonNullable<ReplayInput['sort']> }),
    archive: { dest: `${harness.folder}/dest`, exec: `${harness.folder}/exec` },
    output: {
      schema: `${harness.folder}/schema.avsc`,
      encoding: values.encoding as NonNullable<NonNullable<ReplayInput['output']>['encoding']>,
    },
  });
  const cpuOf = await cpuBySteps(worker, handle);
  const result = (await handle.result()) as ReplayResult;
  const seconds = (performance.now() - started) / 1000;
  const after = processUsage(worker.pid);
  await worker.end();
  const recordBytes = Math.round(publishedBytes(stack, `${topic}_REPLAY`) / records);
  await harness.admin((admin) => createTopics(admin, [{ topic: `${topic}_perf` }]));
  const producer = await producerPerformance(
    harness.stack.kafka[0]!,
    `${topic}_perf`,
    PERFORMANCE_RECORDS,
    recordBytes,
  );
  await harness.admin((admin) => admin.deleteTopics({ topics: [`${topic}_perf`, `${topic}_REPLAY`] }));
  tell(result, cpuOf, {
    records,
    seconds,
    cpu: after.cpuSeconds - before.cpuSeconds,
    peakMiB: after.peakMiB,
    recordBytes,
    producer,
  });
}

interface Measured {
  records: number;
  seconds: number;
  cpu: number;
  peakMiB: number;
  recordBytes: number;
  producer: number;
}

function tell(result: ReplayResult, cpuOf: Map<string, number>, measured: Measured): void {
  const { records, seconds, cpu, peakMiB, recordBytes, producer } = measured;
  const rate = Math.round(records / seconds);
  const rows = [
    ['step', 'seconds', 'records/s', 'CPU seconds'],
    ...Object.entries(result.steps).map(([step, { seconds: took, recordsPerSecond }]) => [
      step,
      took.toFixed(2),
      recordsPerSecond === undefined ? '' : String(recordsPerSecond),
      (cpuOf.get(step) ?? 0).toFixed(1),
    ]),
    ['end to end', seconds.toFixed(2), String(rate), cpu.toFixed(1)],
    ['kafka-producer-perf-test', '', String(producer)],
  ];
  for (const [step = '', ...cells] of rows)
    console.log(step.padEnd(26) + cells.map((cell) => cell.padStart(13)).join(''));
  console.log(
    `${records} records, ${recordBytes} bytes each in the log, ${result.bytes} bytes of Avro (${values.encoding}); worker: ` +
      `${cpu.toFixed(1)} s of CPU, ${((cpu / records) * 1e6).toFixed(1)} µs a record, peak ${peakMiB} MiB`,
  );
  if (values.report !== undefined)
    appendFileSync(
      values.report,
      `${JSON.stringify({ ...measured, encoding: values.encoding, rate, steps: result.steps })}\n`,
    );
}

/** Bytes of a topic's log on the stack's disk, batch headers and record headers included. */
function publishedBytes(stack: Stack, topic: string): number {
  const data = join(stack.directory, 'kafka', 'data');
  return readdirSync(data)
    .filter((name) => name.replace(/-\d+$/, '') === topic)
    .flatMap((name) => readdirSync(join(data, name)).map((file) => join(data, name, file)))
    .filter((file) => file.endsWith('.log'))
    .reduce((sum, file) => sum + statSync(file).size, 0);
}
