// A limit is one of what is read: records that are in no file, aborted ones too, cost the brokers as much as others.
import { expect, it } from 'vitest';
import { pullRanges } from '../../../../activities/archive/pull/pull-ranges.ts';
import { UNKNOWN_PRODUCER } from '../../../../activities/archive/pull/values/producer.ts';
import type { LogBatch } from '../../../../connections/kafka/read/topic-reader.ts';
import { openLineWriter, type LineWriter } from '../../../../formats/text/line-writer.ts';
import { pullParts, RULES } from './pull-parts.ts';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;
const RECORD_BYTES = 10;

/** What a record is that goes into a file, and what others are that don't. */
const KINDS = {
  new: { valueStart: 4, valueEnd: 9, timestampNumber: NOW },
  old: { valueStart: 4, valueEnd: 9, timestampNumber: 1 },
  tombstone: { valueStart: -1, valueEnd: -1, timestampNumber: NOW },
};

function batchOf(kind: LogBatch['kind'], base: number, records: (keyof typeof KINDS)[]): LogBatch {
  let at = -1;
  const cursor = {
    next: () => ++at < records.length && Object.assign(cursor, KINDS[records[at]!]) !== undefined,
    ...{ bytes: Buffer.from('0123value9'), recordStart: 0, recordEnd: RECORD_BYTES },
    get offset() {
      return BigInt(base + at);
    },
    get offsetNumber() {
      return base + at;
    },
  };
  const nextOffset = BigInt(base + records.length);
  return {
    kind,
    nextOffset,
    records: async function* () {
      yield cursor;
    },
  } as unknown as LogBatch;
}

it('is kept for what is left out and for what was aborted as for what is archived', async () => {
  const paced: [number, number][] = [];
  const progress: number[] = [];
  const parts = pullParts({
    reader: {
      read: async function* () {
        yield batchOf('data', 0, ['old', 'old', 'new']);
        yield batchOf('aborted', 3, ['new', 'new']);
        yield batchOf('data', 5, ['tombstone', 'tombstone', 'tombstone', 'tombstone']);
        yield batchOf('data', 9, ['new']);
      },
      close: async () => undefined,
    },
    rules: { ...RULES, oldest: NOW - HOUR },
    pace: async (records, bytes) => void paced.push([records, bytes]),
    progress: ({ records }) => void progress.push(records),
    valuesOf: () => ({
      ...{ time: NOW, form: '', wrong: '', look: () => undefined, loadSchema: async () => undefined },
      openFile: (sink) => openLineWriter({ compression: 'none', separator: '\n', sink }),
      producer: () => UNKNOWN_PRODUCER,
      append: (writer, _time, { bytes, valueStart, valueEnd }) =>
        (writer as LineWriter).append(bytes, valueStart, valueEnd),
    }),
  });
  parts.valuesOf = ((valuesOf) => (topic: string) => {
    const values = valuesOf(topic);
    let seen = NOW;
    return {
      ...values,
      get time() {
        return seen;
      },
      look: (cursor) => void (seen = cursor.timestampNumber),
    };
  })(parts.valuesOf);
  const [line] = await pullRanges([{ topic: 't', partition: 0, leader: '1', from: 0n, to: 10n }], parts);
  expect(line).toMatchObject({ records: 2, left: { old: 2, aborted: 2, tombstone: 4 }, next: '10' });
  expect(paced).toEqual([
    [3, 30],
    [2, 20],
    [4, 40],
    [1, 10],
  ]);
  // What is told of a pull is what it has archived.
  expect(progress.at(-1)).toBe(2);
  expect(Math.max(...progress)).toBe(2);
});
