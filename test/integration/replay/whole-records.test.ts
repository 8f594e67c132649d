// A backup that is one: what was produced with keys, nulls, empty parts, headers and times comes back byte for byte and
// partition by partition, through an archive of whole records; in the order of offsets, each record once, though the
// archive repeats records and the workers that publish are killed.
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { JobWatch } from '../../support/job-watch.ts';
import { committedLog, headerOf, type LoggedRecord } from '../../support/kafka/committed-log.ts';
import { batchOf, oddRecords } from '../../support/odd-records.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { wholeRecordFile } from '../../support/whole-records.ts';

let harness: ReplayHarness;
let kafka: KafkaConnection;

beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
  kafka = openKafka(parseKafkaConfig({ brokers: inject('stack').kafka }, 'test'));
});
afterAll(async () => {
  await kafka?.close();
  await harness?.close();
});

const startWorker = (): ReturnType<ReplayHarness['startWorker']> =>
  harness.startWorker({
    REWIND_HEARTBEAT_TIMEOUT_MS: '3000',
    REWIND_SLICE_MS: '200',
    REWIND_SPLIT_MIB: '0.3',
    REWIND_MERGE_FAN_IN: '8',
  });

const TIME = Date.UTC(2026, 10, 20, 10);

test('what was produced comes back as it was, from one run of the archive and the next', async () => {
  const worker = await startWorker();
  const archive = new ArchiveHarness(harness, 'whole-round');
  const topic = archive.topic('whole.round');
  await archive.createTopic(topic, 3, [{ name: 'retention.ms', value: '-1' }]);
  const odd = oddRecords(TIME);
  const job = archive.job({
    topics: { include: [topic] },
    value: 'record',
    files: { timeZone: 'UTC', codec: 'snappy' },
  });
  for (const records of [odd, odd.slice(3)]) {
    // A transaction a partition: its marker leaves a gap before the next one's records.
    const publisher = await kafka.openPublisher({ transactionalId: `produce-${topic}`, compression: 'lz4' });
    await publisher.commit({ batches: [batchOf(topic, 0, records), batchOf(topic, 2, records.slice(2))], offsets: [] });
    await publisher.close();
    expect(await archive.run(job)).toMatchObject({ problems: [], offsetsLeft: '0' });
  }
  const source = await committedLog(kafka, topic);

  const replayTopic = `${topic}_AGAIN`;
  const headers = { ordinal: true, partition: false, file: false, offset: true };
  const result = await harness.replay({
    topic,
    replayTopic,
    archive: { dest: archive.dest, history: archive.history, timeZone: 'UTC' },
    output: { headers },
  });
  expect(result).toMatchObject({ order: 'offset', records: { published: String(source.flat().length) } });
  const replayed = await committedLog(kafka, replayTopic);
  const asItWas = ({ key, value, timestamp, headers }: LoggedRecord, own: number): unknown => ({
    key,
    value,
    timestamp,
    headers: headers.slice(own),
  });
  expect(replayed.map((log) => log.map((record) => asItWas(record, 2)))).toEqual(
    source.map((log) => log.map((record) => asItWas(record, 0))),
  );
  expect(replayed.map((log) => log.map((record) => headerOf(record, 'rewind-offset')))).toEqual(
    source.map((log) => log.map(({ offset }) => String(offset))),
  );
  expect(result.remarks.join()).toContain(`partition 0: no record has the offsets ${odd.length} (1 in all)`);
  await worker.end('SIGKILL');
});

test('killed in the middle, a replay in the order of offsets has each record once, whatever the archive repeats', async () => {
  const topic = `whole_killed_${harness.id}`;
  const folder = `${harness.folder}/whole-killed`;
  const perPartition = 4_000;
  // Files of 1,500 records, each beginning 500 records before the end of the one before it; the last ones first.
  for (let from = perPartition - 1_000, file = 0; from >= -500; from -= 1_000, file += 1)
    for (const partition of [0, 1, 2]) {
      const offsets = Array.from({ length: 1_500 }, (_, n) => from + n).filter((n) => n >= 0 && n < perPartition);
      const records = offsets.map((offset) => ({
        topic,
        partition,
        offset,
        timestamp: TIME - offset,
        key: Buffer.from(String(offset % 100)),
        value: Buffer.from(`record ${offset} of ${partition}, ${'x'.repeat(50)}`),
      }));
      await harness.store.write(`${folder}/${String(file).padStart(3, '0')}-${partition}.avro`, [
        wholeRecordFile(records),
      ]);
    }
  let worker = await startWorker();
  const total = perPartition * 3;
  const replayTopic = `${topic}_REPLAY`;
  const handle = await harness.start({
    topic,
    replayTopic,
    archive: { input: `${folder}/*.avro`, format: 'record' },
    output: { partitionCount: 3 },
    rate: { records: 3_000 },
  });
  const watch = new JobWatch(harness, handle, replayTopic, total);
  onTestFinished(() => watch.close());
  for (const share of [0.5]) {
    expect(await watch.reach({ step: 'mergePublish', share })).toBe(true);
    await worker.end('SIGKILL');
    worker = await startWorker();
  }
  const result = (await handle.result()) as ReplayResult;
  expect(result.records.published).toBe(String(total));
  expect(result.remarks.join()).toContain('records stand in the archive again');
  const logs = await committedLog(kafka, replayTopic);
  for (const [partition, log] of logs.entries())
    expect(log.map(({ value }) => value?.slice(0, value.indexOf(',')))).toEqual(
      Array.from({ length: perPartition }, (_, offset) => `record ${offset} of ${partition}`),
    );
  await worker.end('SIGKILL');
});
