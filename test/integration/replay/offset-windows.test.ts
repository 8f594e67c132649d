// Whole records that are restored window by window of offsets, on real servers and in real threads: each partition in the
// order of its offsets, each record once, whatever hours and runs have between one another's and the archive repeats, though
// the worker that publishes is killed in the middle; nothing is staged but counts.
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import type { ReplayPlan } from '../../../activities/replay/plan/replay-plan.ts';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { JobWatch } from '../../support/job-watch.ts';
import { committedLog, headerOf } from '../../support/kafka/committed-log.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { wholeRecordFile, type WholeRecord } from '../../support/whole-records.ts';

const HOUR = 3_600_000;
const BEGIN = Date.UTC(2026, 10, 20, 8);
const HOURS = 5;
const PARTITIONS = 3;
const RECORDS = 3_000;

let harness: ReplayHarness;
let kafka: KafkaConnection;

beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
  kafka = openKafka(parseKafkaConfig({ brokers: inject('stack').kafka }, 'test'));
}, 120_000);
afterAll(async () => {
  await kafka?.close();
  await harness?.close();
});

const startWorker = (): ReturnType<ReplayHarness['startWorker']> =>
  harness.startWorker({ REWIND_HEARTBEAT_TIMEOUT_MS: '3000', REWIND_SLICE_MS: '500', REWIND_SPLIT_MIB: '0.02' });

/** Every 20th record is an hour late; each partition begins at another offset, and has a gap after each 500 records. */
function recordsOf(topic: string, partition: number): WholeRecord[] {
  return Array.from({ length: RECORDS }, (_, n) => {
    const offset = partition * 700 + n + Math.floor(n / 500);
    const late = n % 20 === 0 ? HOUR : 0;
    const timestamp = BEGIN + Math.max(0, Math.floor((n / RECORDS) * HOURS * HOUR) - late);
    return {
      topic,
      partition,
      offset,
      timestamp,
      key: Buffer.from(String(n % 100)),
      value: Buffer.from(`record ${offset} of ${partition}, ${'x'.repeat(80)}`),
      headers: n % 2 === 0 ? [['trace', Buffer.from(String(n))]] : [],
    };
  });
}

/** Two runs, each with a file for every hour of a partition that it has records of. */
async function writeArchive(dest: string, topic: string): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    for (const run of [0, 1]) {
      const records = recordsOf(topic, partition).slice((run * RECORDS) / 2, ((run + 1) * RECORDS) / 2);
      for (let hour = 0; hour < HOURS; hour += 1) {
        const start = BEGIN + hour * HOUR;
        const file = records.filter(({ timestamp }) => timestamp! >= start && timestamp! < start + HOUR);
        if (file.length === 0) continue;
        const folder = new Date(start).toISOString().slice(0, 13).replaceAll('-', '/').replace('T', '/');
        const next = Number(file.at(-1)!.offset) + 1;
        const name = `${topic}.${run}.${partition}.${file.length}.${next}.${start}.avro`;
        await harness.store.write(`${dest}/${topic}/hourly/${folder}/${name}`, [wholeRecordFile(file, 50)]);
        // What a run left that failed before it was over.
        if (hour === 2 && partition === 1)
          await harness.store.write(`${dest}/${topic}/hourly/${folder}/${name.replace(`.${run}.`, '.9.')}`, [
            wholeRecordFile(file, 50),
          ]);
      }
    }
}

test('killed in the middle, a restore by windows has each record once, in its partition and place', async () => {
  const [topic, dest] = [`offset_windows_${harness.id}`, `${harness.folder}/offset-windows`];
  await writeArchive(dest, topic);
  const input: ReplayInput = {
    topic,
    replayTopic: `${topic}_REPLAY`,
    archive: { dest, timeZone: 'UTC', readAllFiles: true },
    output: { partitions: 'source', partitionCount: PARTITIONS },
    sort: 'windows',
  };
  let worker = await startWorker();
  const plan = (await harness.replay({ ...input, plan: true })) as unknown as ReplayPlan;
  expect(plan.problems).toEqual([]);
  expect(plan.sorting).toMatchObject({ by: 'windows' });
  expect(plan.sorting?.windows).toBeGreaterThan(3);
  expect(plan.staging?.bytes).toBe('0');

  const handle = await harness.start({ ...input, rate: { records: 2_500 } });
  const watch = new JobWatch(harness, handle, `${topic}_REPLAY`, PARTITIONS * RECORDS);
  onTestFinished(() => watch.close());
  expect(await watch.reach({ step: 'mergePublish', share: 0.4 })).toBe(true);
  await worker.end('SIGKILL');
  worker = await startWorker();
  const result = (await handle.result()) as ReplayResult;
  expect(result.steps).not.toHaveProperty('decode');
  expect(result.records.published).toBe(String(PARTITIONS * RECORDS));
  expect(result.remarks.join()).toContain('records stand in the archive again');
  expect(result.remarks.join()).toContain(
    'partition 0: no record has the offsets 500, 1001, 1502, 2003, 2504 (5 in all)',
  );
  const logs = await committedLog(kafka, `${topic}_REPLAY`);
  for (const [partition, log] of logs.entries()) {
    const source = recordsOf(topic, partition);
    expect(log.map(({ key, value }) => [key, value])).toEqual(
      source.map(({ key, value }) => [String(key), String(value)]),
    );
    expect(log.map((record) => headerOf(record, 'trace'))).toEqual(
      source.map(({ headers }) => headers?.[0]?.[1]?.toString()),
    );
  }
  const ordinals = logs.flat().map((record) => Number(headerOf(record, 'rewind-ordinal')));
  expect(ordinals.sort((a, b) => a - b)).toEqual(Array.from({ length: PARTITIONS * RECORDS }, (_, n) => n));
  await worker.end('SIGKILL');
}, 240_000);
