// Proves of each format, and of both topics that an archive is compared with, that each fault is found as what it is, and
// that nothing is found where nothing is wrong: transactions with their markers, and aborted ones, are no holes.
import { beforeEach, describe, expect, it } from 'vitest';
import type { FindingKind } from '../../../activities/verify/steps.ts';
import { RecordBatchBuilder } from '../../../connections/kafka/batch/record-batch.ts';
import type { RecordBatch } from '../../../connections/kafka/publish/publish-port.ts';
import { int64FromBigInt } from '../../../formats/int64.ts';
import { body } from '../../connections/kafka/encoded-body.ts';
import { WritableBytes } from '../../support/camus-archive/hadoop-writable.ts';
import { SequenceFileWriter } from '../../support/camus-archive/sequence-file-writer.ts';
import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { MemoryVerify } from '../../support/memory-verify.ts';
import { wholeRecordFile } from '../../support/whole-records.ts';

const TIME = Date.UTC(2026, 10, 20, 10);
const HOUR = 3_600_000;
const PER_HOUR = 10;
const HOURS = 3;
const TOPIC = 'events';

interface Row {
  offset: number;
  time: number;
  key: Buffer | null;
  value: Buffer;
}

interface Format {
  /** Of the job, beside where the archive is. */
  job: { archive?: object; time?: object; output?: object };
  keyed: boolean;
  file: (rows: readonly Row[]) => Buffer;
}

const values = { time: { field: 'timestamp', format: 'unix_milliseconds' }, output: { encoding: 'original' } };
const sequenceFile =
  (compression: 'none' | 'record') =>
  (rows: readonly Row[]): Buffer => {
    const writer = new SequenceFileWriter({
      keyClass: 'org.apache.hadoop.io.LongWritable',
      valueClass: 'org.apache.hadoop.io.Text',
      compression,
      sync: Buffer.alloc(16, 7),
    });
    for (const { offset, value } of rows)
      writer.append(new WritableBytes().long(offset).take(), new WritableBytes().text(value.toString()).take());
    return writer.take();
  };

const FORMATS: Record<string, Format> = {
  lines: {
    job: { archive: { format: 'text' }, ...values },
    keyed: false,
    file: (rows) => Buffer.from(rows.map(({ value }) => `${value.toString()}\n`).join('')),
  },
  SequenceFiles: { job: values, keyed: false, file: sequenceFile('none') },
  'SequenceFiles with compressed values': { job: values, keyed: false, file: sequenceFile('record') },
  "NiFi's lines": {
    job: { archive: { format: 'nifi' } },
    keyed: true,
    file: (rows) =>
      Buffer.from(
        rows
          .map(({ offset, key, value }) => `${TOPIC}-0-${offset}<@>${key?.toString() ?? ''}<@>${value.toString()}\n`)
          .join(''),
      ),
  },
  'whole records': {
    job: {},
    keyed: true,
    file: (rows) =>
      wholeRecordFile(
        rows.map(({ offset, time, key, value }) => ({ partition: 0, offset, timestamp: time, key, value })),
      ),
  },
};

let store: MemoryFileStore;
let kafka: MemoryKafka;
let verify: MemoryVerify;
let rows: Row[];

const hourOf = (row: Row): number => Math.floor((row.time - TIME) / HOUR);
const ofHour = (hour: number): Row[] => rows.filter((row) => hourOf(row) === hour);

function batch(topic: string, of: readonly Row[], ordinals?: readonly number[]): RecordBatch {
  const builder = new RecordBatchBuilder({ topic, partition: 0, ordinals: ordinals !== undefined });
  for (const [index, { key, value, time }] of of.entries()) {
    const bytes = body(key, value);
    const { hi, lo } = int64FromBigInt(BigInt(time));
    builder.add(hi, lo, bytes, 0, bytes.length, ordinals?.[index] ?? 0);
  }
  return builder.take();
}

/** A transaction for each hour, and one in between that is aborted. */
async function produce(keyed: boolean): Promise<void> {
  await kafka.createTopic(TOPIC, { partitions: 1, replicationFactor: 1, settings: {} });
  const log = kafka.partition(TOPIC, 0);
  rows = [];
  for (let hour = 0; hour < HOURS; hour += 1) {
    const of = Array.from({ length: PER_HOUR }, (_, n): Row => {
      const [offset, time] = [Number(log.logEnd) + n, TIME + hour * HOUR + n];
      const value = Buffer.from(JSON.stringify({ timestamp: time, n: offset }));
      return { offset, time, key: keyed && n % 3 > 0 ? Buffer.from(`k${n}`) : null, value };
    });
    rows.push(...of);
    await log.append(batch(TOPIC, of), { id: 1n, epoch: 0 });
    await log.mark({ id: 1n, epoch: 0 }, 'commit');
    await log.append(batch(TOPIC, of.slice(0, 3)), { id: 2n, epoch: 0 });
    await log.mark({ id: 2n, epoch: 0 }, 'abort');
  }
}

async function replayed(of: readonly Row[], ordinals: readonly number[] = of.map((_, index) => index)): Promise<void> {
  kafka.deleteTopic(`${TOPIC}_REPLAY`);
  await kafka.createTopic(`${TOPIC}_REPLAY`, { partitions: 1, replicationFactor: 1, settings: {} });
  const log = kafka.partition(`${TOPIC}_REPLAY`, 0);
  await log.append(batch(`${TOPIC}_REPLAY`, of, ordinals), { id: 3n, epoch: 0 });
  await log.mark({ id: 3n, epoch: 0 }, 'commit');
}

const pathOf = (hour: number, of: readonly Row[], broker = 1): string =>
  `/camus/${TOPIC}/hourly/2026/11/20/${10 + hour}/${TOPIC}.${broker}.0.${of.length}.${of.at(-1)!.offset + 1}.${TIME + hour * HOUR}`;

describe.each(Object.entries(FORMATS))('an archive of %s', (_, { job, keyed, file }) => {
  const run = async (target: 'source' | 'replay'): Promise<FindingKind[]> => {
    const { findings, targets } = await verify.run({
      topic: TOPIC,
      ...job,
      archive: { dest: '/camus', timeZone: 'UTC', ...job.archive },
      verify: { against: [target] },
    });
    expect(targets[0]!.content).not.toBe('none');
    return [...new Set(findings.map(({ kind }) => kind))].sort();
  };
  const rewrite = async (hour: number, of: readonly Row[], broker = 1): Promise<void> => {
    const path = pathOf(hour, ofHour(hour), broker);
    await store.delete(path);
    await store.write(path, [file(of)]);
  };
  const swapped = (of: readonly Row[]): Row[] => of.with(4, of[5]!).with(5, of[4]!);
  /** A record with one byte of its value changed. */
  const changed = (row: Row): Row => ({ ...row, value: Buffer.from(row.value.toString().replace('"n"', '"m"')) });

  beforeEach(async () => {
    store = new MemoryFileStore();
    kafka = new MemoryKafka();
    verify = new MemoryVerify(store, kafka);
    await produce(keyed);
    for (let hour = 0; hour < HOURS; hour += 1) await rewrite(hour, ofHour(hour));
    await replayed(rows);
  });

  describe('against its topic', () => {
    const NOTHING: FindingKind[] = [];
    it.each<[string, FindingKind[], () => Promise<unknown>]>([
      ['nothing wrong', NOTHING, async () => undefined],
      ['a missing file', ['missing'], () => store.delete(pathOf(1, ofHour(1)))],
      ['a doubled file', ['doubled'], () => rewrite(1, ofHour(1), 2)],
      ['a changed byte', ['changed'], () => rewrite(1, ofHour(1).with(7, changed(ofHour(1)[7]!)))],
      ['a record out of order', ['order'], () => rewrite(1, swapped(ofHour(1)))],
      [
        'a topic that was trimmed before it was archived',
        ['trimmed'],
        async () => {
          await store.delete(pathOf(2, ofHour(2)));
          kafka.partition(TOPIC, 0).trim(BigInt(ofHour(2)[3]!.offset));
        },
      ],
      ['a topic that was trimmed after it was archived', NOTHING, async () => kafka.partition(TOPIC, 0).trim(17n)],
    ])('%s: %j', async (__, kinds, fault) => {
      await fault();
      expect(await run('source')).toEqual(kinds);
    });
  });

  describe('against its replay', () => {
    it.each<[string, FindingKind[], () => Promise<unknown>]>([
      ['nothing wrong', [], async () => undefined],
      ['a file that is gone since', ['extra'], () => store.delete(pathOf(1, ofHour(1)))],
      ['a byte that was changed since', ['changed'], () => rewrite(1, ofHour(1).with(7, changed(ofHour(1)[7]!)))],
      ['records that it lacks', ['missing'], () => replayed(rows.toSpliced(12, 3))],
      [
        'records twice',
        ['doubled', 'order'],
        () => replayed(rows.toSpliced(12, 0, rows[11]!), [...rows.keys()].toSpliced(12, 0, 11)),
      ],
      ['another byte', ['changed'], () => replayed(rows.with(12, changed(rows[12]!)))],
      ['a record out of order', ['order'], () => replayed(swapped(rows), [...rows.keys()].with(4, 5).with(5, 4))],
      ['a trimmed beginning', ['missing', 'trimmed'], async () => kafka.partition(`${TOPIC}_REPLAY`, 0).trim(5n)],
    ])('%s: %j', async (__, kinds, fault) => {
      await fault();
      expect(await run('replay')).toEqual(kinds);
    });
  });
});
