import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openKafka } from '../connections/kafka/open-kafka.ts';
import { parseKafkaConfig } from '../connections/kafka/config.ts';
import { ArchiveHarness } from '../test/support/archive-harness.ts';
import type { Stack } from '../scripts/stack/development-stack.ts';
import { onHarness } from '../test/support/on-stack.ts';
import { startOwnRegistry } from '../test/support/own-registry.ts';
import type { ReplayHarness } from '../test/support/replay-harness.ts';
import { archiveByRewind } from './archive/rewind.ts';
import { EVENT_SCHEMA, fillTopic } from './archive/fill-topic.ts';
import { archiveBySpark } from './archive/spark.ts';
import type { Usage } from './process-usage.ts';

/**
 * A run of the archive over a topic of framed Avro records, written as hourly Avro files, and Spark's batch read of the
 * same topic, written as Avro by hour to the same HDFS, in turn: records a second, CPU and peak memory of each.
 *
 *     npm run bench:archive -- --records 5000000 [--runs 2] [--without-spark] [--stack NAME] [--profile FOLDER]
 *                              [--level 6] [--concurrency 4] [--range-mib 256] [--report FILE]
 *                              [--value registry|record] [--codec deflate|snappy|zstandard|none]
 *
 * With `--value record` every record is archived whole; Spark, which decodes values, stays out then.
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '1' },
    'without-spark': { type: 'boolean', default: false },
    stack: { type: 'string' },
    /** Folder for CPU profiles of the worker. */
    profile: { type: 'string' },
    /** @default that of the codec: deflate 6, zstandard 3 */
    level: { type: 'string' },
    value: { type: 'string', default: 'registry' },
    codec: { type: 'string', default: 'deflate' },
    concurrency: { type: 'string', default: '4' },
    'range-mib': { type: 'string', default: '256' },
    /** File to which a line of JSON is appended for each run. */
    report: { type: 'string' },
  },
});

interface Run extends Usage {
  who: string;
  files: number;
}

await onHarness(values.stack, { purpose: 'bench', onProgress: console.error }, measure);

async function measure(harness: ReplayHarness, stack: Stack): Promise<void> {
  const records = Number(values.records);
  const registry = await startOwnRegistry();
  const kafka = openKafka(parseKafkaConfig({ brokers: harness.stack.kafka.join(',') }, 'bench'));
  try {
    const archive = new ArchiveHarness(harness, 'bench');
    const topic = archive.topic('page_events');
    const id = await registry.register(`${topic}-value`, JSON.stringify(EVENT_SCHEMA));
    console.error(`filling ${topic} with ${records} records`);
    await fillTopic(kafka, topic, records, id);
    console.log('who              seconds    records/s  CPU µs/record   peak MiB  files');
    for (let run = 0; run < Number(values.runs); run += 1) {
      tell(await byRewind(harness, topic, registry.url, run), records);
      if (!values['without-spark'] && values.value === 'registry')
        tell(await bySpark(harness, stack, topic, run), records);
    }
  } finally {
    await kafka.close();
    await registry.server.stop();
  }
}

async function byRewind(harness: ReplayHarness, topic: string, registryUrl: string, number: number): Promise<Run> {
  const archive = new ArchiveHarness(harness, `rewind-${number}`);
  const { profile, level, concurrency } = values;
  const run = await archiveByRewind(harness, archive, topic, {
    records: Number(values.records),
    value: values.value as 'registry' | 'record',
    codec: values.codec as 'deflate',
    ...(level !== undefined && { level: Number(level) }),
    concurrency: Number(concurrency),
    rangeMiB: Number(values['range-mib']),
    environment: { REWIND_REGISTRY_URL: registryUrl },
    profile,
  });
  return { who: 'rewind', ...run };
}

/** From the start of its process to the end. */
async function bySpark(harness: ReplayHarness, stack: Stack, topic: string, number: number): Promise<Run> {
  const out = `${harness.folder}/spark-${number}`;
  const run = await archiveBySpark(stack, topic, EVENT_SCHEMA, out);
  let files = 0;
  for await (const { path, kind } of harness.store.list(out))
    if (kind === 'directory') for await (const { length } of harness.store.list(path)) files += length > 0 ? 1 : 0;
  return { who: 'spark', ...run, files };
}

function tell(run: Run, records: number): void {
  const { who, seconds, cpuSeconds, peakMiB, files, steps } = run;
  const cells = [
    [seconds.toFixed(2), 8],
    [String(Math.round(records / seconds)), 13],
    [((cpuSeconds / records) * 1e6).toFixed(2), 15],
    [String(peakMiB), 11],
    [String(files), 7],
  ] as const;
  console.log(who.padEnd(16) + cells.map(([text, width]) => text.padStart(width)).join(''));
  if (steps !== undefined)
    console.log(
      `  ${Object.entries(steps)
        .map(([step, took]) => `${step} ${took.toFixed(2)} s`)
        .join(', ')}`,
    );
  if (values.report !== undefined) appendFileSync(values.report, `${JSON.stringify({ records, ...run })}\n`);
}
