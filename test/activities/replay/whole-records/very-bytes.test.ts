// Proves that a whole record is published as it was: null is told from empty in keys, values and headers, headers keep
// their order and repeats, timestamps their milliseconds; whoever wrote the file, and in whichever order its columns are.
import { describe, expect, it } from 'vitest';
import { headerOf, committedLog, type LoggedRecord } from '../../../support/kafka/committed-log.ts';
import { MemoryReplay } from '../../../support/kafka/memory-replay.ts';
import { SPARK_SCHEMA, sparkFile, wholeRecordFile, type WholeRecord } from '../../../support/whole-records.ts';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { EnvelopeReader } from '../../../../formats/record-envelope/envelope-reader.ts';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';

const TIME = Date.UTC(2014, 10, 2, 9, 30);
const EMPTY = Buffer.alloc(0);
const bytes = (...all: number[]): Buffer => Buffer.from(all);
const LARGE = Buffer.alloc(70_000, 7);

const RECORDS: WholeRecord[] = [
  { offset: 0, timestamp: TIME, key: null, value: null },
  { offset: 1, timestamp: TIME - 1_000, key: EMPTY, value: EMPTY },
  { offset: 2, timestamp: TIME + 1, key: bytes(0, 1, 255), value: bytes(0xff, 0), headers: [] },
  { offset: 3, timestamp: TIME, key: bytes(9), value: null, headers: [['only', null]] },
  {
    offset: 4,
    timestamp: TIME,
    timestampType: 1,
    value: LARGE,
    headers: [
      ['b', bytes(1)],
      ['a', EMPTY],
      ['b', null],
      ['b', bytes(1)],
      ['', Buffer.from('no name')],
      ['rewind-ordinal', Buffer.from('77')],
      ['rewind-offset', Buffer.from('78')],
    ],
  },
  { offset: 5, timestamp: -1, value: bytes(1) },
  {
    offset: 6,
    timestamp: 0,
    key: LARGE,
    value: bytes(2),
    headers: Array.from({ length: 40 }, (_, n) => [`h${n}`, bytes(n)]),
  },
];

const OWN = { ordinal: true, partition: false, file: false };

async function replayed(file: Buffer, output: ReplayInput['output'] = {}): Promise<LoggedRecord[]> {
  const replay = await MemoryReplay.open({
    files: { '2014/11/02/00/a.avro': file },
    input: {
      archive: { dest: '/camus', strayTimes: 'ignore' },
      output: { partitionCount: 1, headers: OWN, ...output },
    },
  });
  await replay.claim();
  while (!(await replay.publish()).done);
  await replay.verify();
  return (await committedLog(replay.kafka, replay.topic)).flat();
}

/** Records without the headers that the replay itself has put before theirs. */
function asTheyWere(log: LoggedRecord[], own: number): unknown[] {
  return log.map(({ key, value, timestamp, headers }) => ({ key, value, timestamp, headers: headers.slice(own) }));
}

const text = (part: Buffer | null | undefined): string | null => part?.toString('latin1') ?? null;
const EXPECTED = RECORDS.map(({ key, value, timestamp = 0, headers = [] }) => ({
  key: text(key),
  value: text(value),
  timestamp: BigInt(timestamp),
  headers: headers.map(([name, header]) => ({ name, value: header })),
}));

describe.each([
  ["Rewind's envelope", wholeRecordFile(RECORDS, 2)],
  ["Spark's Kafka columns", sparkFile(RECORDS, 3)],
])('%s', (_whose, file) => {
  it('comes back byte for byte, behind the ordinal', async () => {
    const log = await replayed(file);
    expect(asTheyWere(log, 1)).toEqual(EXPECTED);
    expect(log.map((record) => headerOf(record, 'rewind-ordinal'))).toEqual(RECORDS.map((_, n) => String(n)));
  });

  it('comes back with no header of the replay where none is wanted', async () => {
    const log = await replayed(file, { headers: { ordinal: false, partition: false, file: false } });
    expect(asTheyWere(log, 0)).toEqual(EXPECTED);
  });

  it('tells its offset and whose timestamp it has, where the job asks for that', async () => {
    const log = await replayed(file, { headers: { ...OWN, offset: true, timestampType: true } });
    expect(asTheyWere(log, 3)).toEqual(EXPECTED);
    expect(log.map((record) => headerOf(record, 'rewind-offset'))).toEqual(RECORDS.map(({ offset }) => String(offset)));
    const types = RECORDS.map(({ timestampType }) => (timestampType === 1 ? 'LogAppendTime' : 'CreateTime'));
    expect(log.map((record) => headerOf(record, 'rewind-timestamp-type'))).toEqual(types);
  });
});

it('spreads records anew by their keys, those without one by their source partition', async () => {
  const keyed = Array.from({ length: 30 }, (_, n) => ({
    offset: n,
    partition: n % 5,
    timestamp: TIME,
    key: n % 3 === 0 ? null : Buffer.from(`key ${n % 7}`),
    value: Buffer.from(String(n)),
  }));
  const replay = await MemoryReplay.open({
    files: { '2014/11/02/00/a.avro': wholeRecordFile(keyed) },
    input: { archive: { dest: '/camus', format: 'record' }, output: { partitions: 'key', partitionCount: 2 } },
  });
  await replay.claim();
  while (!(await replay.publish()).done);
  await replay.verify();
  const logs = await committedLog(replay.kafka, replay.topic);
  expect(logs).toHaveLength(2);
  for (const [partition, log] of logs.entries())
    for (const { key, value } of log)
      if (key === null) expect((Number(value) % 5) % 2).toBe(partition);
      else expect(logs[1 - partition]!.some((other) => other.key === key)).toBe(false);
  expect(logs.flat()).toHaveLength(30);
});

describe('a file of other columns', () => {
  it('is refused where the job says that it holds whole records', async () => {
    const schema = JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'key', type: 'bytes' }] });
    expect(() => new EnvelopeReader(parseSchema(schema))).toThrow('the file holds no whole records');
  });

  it('is refused where what must be there is null', () => {
    const reader = new EnvelopeReader(parseSchema(SPARK_SCHEMA));
    const [first, second] = [bytes(0, 0), bytes(2, 2, 0, 2, 97, 0, 0, 0, 0, 2, 2)]; // before and behind the offset
    const present = Buffer.concat([first, bytes(0, 14), second]);
    expect(reader.read(present, 0, present.length)).toBe(present.length);
    expect([reader.offset.lo, reader.keyStart, reader.topic, reader.headerCount]).toEqual([7, -1, 'a', 0]);
    const missing = Buffer.concat([first, bytes(2), second]);
    expect(() => reader.read(missing, 0, missing.length)).toThrow('offset of a record is null');
  });
});

it('is read where nobody says who gave its timestamp', async () => {
  const [log] = await replayed(sparkFile([{ offset: 1, timestamp: TIME, timestampType: null, value: bytes(1) }]));
  expect(log).toMatchObject({ timestamp: BigInt(TIME) });
});

it('files of milliseconds and of microseconds make one order of times', async () => {
  const at = (offset: number, timestamp: number): WholeRecord => ({
    offset,
    timestamp,
    value: Buffer.from(`${offset}`),
  });
  const files = {
    '2014/11/02/00/a.avro': wholeRecordFile([at(0, TIME + 1), at(3, TIME + 4)]),
    '2014/11/02/00/b.avro': sparkFile([at(1, TIME + 2), at(2, TIME + 3), at(4, TIME + 5)]),
  };
  const input = { archive: { dest: '/camus', strayTimes: 'ignore' }, output: { partitionCount: 1 } } as const;
  const replay = await MemoryReplay.open({ files, input: { ...input, order: 'time', from: TIME + 2, to: TIME + 5 } });
  await replay.claim();
  while (!(await replay.publish()).done);
  const [log = []] = await committedLog(replay.kafka, replay.topic);
  expect(log.map(({ value, timestamp }) => [value, timestamp - BigInt(TIME)])).toEqual([
    ['1', 2n],
    ['2', 3n],
    ['3', 4n],
  ]);
});
