import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseKafkaConfig } from '../connections/kafka/config.ts';
import type { KafkaConnection } from '../connections/kafka/kafka-connection.ts';
import { openKafka } from '../connections/kafka/open-kafka.ts';
import type { Stack } from '../scripts/stack/development-stack.ts';
import { ArchiveHarness } from '../test/support/archive-harness.ts';
import { onHarness } from '../test/support/on-stack.ts';
import type { ReplayHarness } from '../test/support/replay-harness.ts';
import { fillTopic } from './archive/fill-topic.ts';
import { archiveByRewind } from './archive/rewind.ts';
import type { Usage } from './process-usage.ts';
import { assertSame, sumTopic, type PartitionSum } from './whole-records/compare-topics.ts';
import { KafkaBackup } from './whole-records/kafka-backup.ts';
import { restoreByRewind } from './whole-records/rewind.ts';

/**
 * Whole records out and back: a topic of four partitions is archived with `value: record`, then restored into an empty
 * topic, whose partitions are compared with those of the source, record by record. Records a second, CPU and peak memory
 * of each way; with --sort that of the restore in each of these ways, in turn; with --kafka-backup those of kafka-backup-core (cargo must be there) on the same topic, in turn.
 *
 *     npm run bench:restore -- --records 5000000 [--runs 2] [--codec snappy|zstandard|deflate|none] [--kafka-backup]
 *                              [--stack NAME] [--profile FOLDER] [--split-mib 16] [--report FILE]
 *                              [--sort whole,windows]
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '1' },
    codec: { type: 'string', default: 'snappy' },
    'kafka-backup': { type: 'boolean', default: false },
    stack: { type: 'string' },
    /** Folder for CPU profiles of the workers. */
    profile: { type: 'string' },
    'split-mib': { type: 'string' },
    /** Ways of restoring: `whole`, `windows`, `auto`, several with commas. */
    sort: { type: 'string', default: 'whole' },
    /** File to which a line of JSON is appended for each run. */
    report: { type: 'string' },
  },
});

const records = Number(values.records);

await onHarness(values.stack, { purpose: 'bench', onProgress: console.error }, measure);

async function measure(harness: ReplayHarness, stack: Stack): Promise<void> {
  const kafka = openKafka(parseKafkaConfig({ brokers: harness.stack.kafka.join(',') }, 'bench'));
  try {
    const topic = `whole_${harness.id}`;
    console.error(`filling ${topic} with ${records} records`);
    await fillTopic(kafka, topic, records, 1, { withHeaders: true });
    const source = await sumTopic(kafka, topic);
    console.log('who                     seconds    records/s  CPU µs/record   peak MiB');
    for (let run = 0; run < Number(values.runs); run += 1) {
      await byRewind(harness, kafka, { topic, source, run });
      if (values['kafka-backup']) await byKafkaBackup(harness, stack, kafka, { topic, source, run });
    }
  } finally {
    await kafka.close();
  }
}

interface Task {
  topic: string;
  source: readonly PartitionSum[];
  run: number;
}

async function byRewind(harness: ReplayHarness, kafka: KafkaConnection, { topic, source, run }: Task): Promise<void> {
  const archive = new ArchiveHarness(harness, `archive-${run}`);
  const codec = values.codec as 'snappy';
  const { profile } = values;
  const shape = { value: 'record', codec, concurrency: 4, rangeMiB: 256, profile } as const;
  tell('rewind archive', await archiveByRewind(harness, archive, topic, { records, ...shape }));
  const splitMiB = values['split-mib'];
  for (const way of values.sort.split(',')) {
    const target = `${topic}_rewind_${run}_${way}`;
    const sort = way as 'whole';
    tell(`rewind restore ${way}`, await restoreByRewind(harness, archive, { topic, target, sort, splitMiB, profile }));
    assertSame('rewind', source, await sumTopic(kafka, target));
    await forget(harness, target);
  }
}

async function byKafkaBackup(
  harness: ReplayHarness,
  stack: Stack,
  kafka: KafkaConnection,
  { topic, source, run }: Task,
): Promise<void> {
  const peer = await KafkaBackup.open(harness.stack.kafka, join(stack.directory, 'bench'));
  try {
    tell('kafka-backup backup', await peer.backup(topic));
    console.log(`  ${peer.bytes} bytes on the local disk`);
    const target = `${topic}_peer_${run}`;
    tell('kafka-backup restore', await peer.restore(topic, target));
    assertSame('kafka-backup', source, await sumTopic(kafka, target));
    await forget(harness, target);
  } finally {
    peer.close();
  }
}

async function forget(harness: ReplayHarness, topic: string): Promise<void> {
  await harness.admin((admin) => admin.deleteTopics({ topics: [topic] }));
}

function tell(who: string, { seconds, cpuSeconds, peakMiB, steps }: Usage): void {
  const cells = [
    [seconds.toFixed(2), 9],
    [String(Math.round(records / seconds)), 13],
    [((cpuSeconds / records) * 1e6).toFixed(2), 15],
    [String(peakMiB), 11],
  ] as const;
  console.log(who.padEnd(22) + cells.map(([text, width]) => text.padStart(width)).join(''));
  if (steps !== undefined)
    console.log(
      `  ${Object.entries(steps)
        .map(([step, took]) => `${step} ${took.toFixed(2)} s`)
        .join(', ')}`,
    );
  const { codec } = values;
  if (values.report !== undefined)
    appendFileSync(values.report, `${JSON.stringify({ records, who, codec, seconds, cpuSeconds, peakMiB, steps })}\n`);
}
