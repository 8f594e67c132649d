import { parseArgs } from 'node:util';
import { openKafka } from '../connections/kafka/open-kafka.ts';
import { parseKafkaConfig } from '../connections/kafka/config.ts';
import type { KafkaConnection } from '../connections/kafka/kafka-connection.ts';
import { onHarness } from '../test/support/on-stack.ts';
import { RangesHarness } from '../test/support/ranges-harness.ts';
import type { ReplayHarness } from '../test/support/replay-harness.ts';
import { fillTopic, PARTITIONS } from './archive/fill-topic.ts';
import { forgetPeak, processUsage } from './process-usage.ts';

/**
 * A function that counts bytes over a topic of four partitions, with one, two and four ranges at once, beside the fetch
 * alone: Rewind's reader in one thread, which checks, unpacks and walks the same records and does nothing with them.
 *
 *     npm run bench:ranges -- [--records 2000000] [--range-mib 64] [--stack NAME]
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '2000000' },
    'range-mib': { type: 'string', default: '64' },
    stack: { type: 'string' },
  },
});

const COUNT = `
export const range = {
  count: async (range, records) => {
    let bytes = 0, count = 0;
    for await (const batch of records)
      for (const { value } of batch) { bytes += value?.length ?? 0; count += 1; }
    return { bytes, count };
  },
};
export const finish = {
  sum: async (summaries) => {
    let bytes = 0, count = 0;
    for await (const { summary } of summaries) { bytes += summary.bytes; count += summary.count; }
    return { bytes, count };
  },
};`;

await onHarness(values.stack, { purpose: 'bench', onProgress: console.error }, measure);

async function measure(harness: ReplayHarness): Promise<void> {
  const records = Number(values.records);
  const ranges = new RangesHarness(harness);
  const kafka = openKafka(parseKafkaConfig({ brokers: harness.stack.kafka.join(',') }, 'bench'));
  try {
    const topic = ranges.topics.topic('page_events');
    console.error(`filling ${topic} with ${records} records`);
    await fillTopic(kafka, topic, records, 1);
    console.log('what                    seconds    records/s  CPU µs/record   peak MiB');
    const alone = await fetchAlone(kafka, topic, records);
    tell('fetch alone', alone.seconds, alone.cpuSeconds, 0);
    const worker = await harness.startWorker({ REWIND_FUNCTIONS: ranges.module(COUNT), REWIND_THREADS: '4' });
    try {
      for (const concurrency of [1, 2, 4]) await countBytes(ranges, topic, worker.pid, concurrency, alone.bytes);
    } finally {
      await worker.end();
    }
  } finally {
    ranges.close();
    await kafka.close();
  }
}

/** Partition by partition, in this process. */
async function fetchAlone(
  kafka: KafkaConnection,
  topic: string,
  expected: number,
): Promise<{ seconds: number; cpuSeconds: number; bytes: number }> {
  const reader = kafka.openReader();
  const ends = await kafka.listOffsets(
    [{ topic, partitions: Array.from({ length: PARTITIONS }, (_, n) => n) }],
    'stable',
  );
  const cpu = process.cpuUsage();
  const began = performance.now();
  let [count, bytes] = [0, 0];
  for (const { partition, offset: to, error } of ends) {
    if (to === undefined) throw new Error(`partition ${partition} tells no end: ${error}`);
    for await (const batch of reader.read({ topic, partition, from: 0n, to })) {
      if (batch.kind !== 'data') continue;
      for await (const cursor of batch.records())
        while (cursor.next()) {
          count += 1;
          bytes += cursor.valueEnd - cursor.valueStart;
        }
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1000;
  await reader.close();
  if (count !== expected) throw new Error(`${count} records were read, expected ${expected}`);
  return { seconds, cpuSeconds: (user + system) / 1e6, bytes };
}

async function countBytes(
  ranges: RangesHarness,
  topic: string,
  pid: number,
  concurrency: number,
  bytes: number,
): Promise<void> {
  forgetPeak(pid);
  const before = processUsage(pid);
  const began = performance.now();
  const result = await ranges.run(
    ranges.job({
      inputs: [{ topic, group: `bench-${ranges.base.id}-${concurrency}`, function: 'count' }],
      finish: 'sum',
      rangeMiB: Number(values['range-mib']),
      concurrency,
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const after = processUsage(pid);
  const expected = JSON.stringify({ bytes, count: Number(values.records) });
  if (JSON.stringify(result.finished) !== expected)
    throw new Error(`the function counted ${JSON.stringify(result.finished)}, expected ${expected}`);
  tell(`${concurrency} at once`, seconds, after.cpuSeconds - before.cpuSeconds, after.peakMiB);
}

function tell(what: string, seconds: number, cpuSeconds: number, peakMiB: number): void {
  const records = Number(values.records);
  const cells = [
    [seconds.toFixed(2), 9],
    [String(Math.round(records / seconds)), 13],
    [((cpuSeconds / records) * 1e6).toFixed(2), 15],
    [peakMiB > 0 ? String(peakMiB) : '', 11],
  ] as const;
  console.log(what.padEnd(22) + cells.map(([text, width]) => text.padStart(width)).join(''));
}
