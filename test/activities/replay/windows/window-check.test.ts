// What is not published can't be in the wrong place: a record outside of its window is an error only if the job takes it.
import { expect, it } from 'vitest';
import { RecordSink } from '../../../../activities/replay/decode/record-sink.ts';
import { int64FromBigInt, type Int64 } from '../../../../formats/int64.ts';
import { SortBuffer } from '../../../../formats/sorted/sort/sort-buffer.ts';
import { replayJob } from '../../../support/replay-job.ts';

const HOUR = 3_600_000;
const FROM = Date.UTC(2014, 10, 2, 9);

const int64 = (value: number): Int64 => int64FromBigInt(BigInt(value));

function open(input = {}): { sink: RecordSink; take: (time: Int64) => void } {
  const window = { number: 1, from: FROM, to: FROM + HOUR };
  const sink = new RecordSink(replayJob(input), 1, new SortBuffer({ capacity: 1_000 }), { window });
  sink.beginFile(0, { path: '/camus/events/hourly/2014/11/02/01/a.avro', length: 1, modifiedAt: 1 });
  sink.useTimeUnit('millis');
  const take = (time: Int64): void => {
    if (!sink.begin(time)) return;
    sink.key(undefined);
    sink.end();
  };
  return { sink, take };
}

it.each([
  ['early', FROM - 1],
  ['late', FROM + HOUR],
])('a record that is too %s is an error where it is published, and none where the filter leaves it out', (_, at) => {
  const { sink, take } = open();
  take(int64(FROM));
  sink.begin(int64(at));
  sink.leaveOut();
  take(int64(FROM + HOUR - 1));
  expect([sink.read, sink.kept, sink.filtered]).toEqual([3, 2, 1]);
  expect(() => take(int64(at))).toThrow('record 3');
  expect([sink.read, sink.kept]).toEqual([3, 2]);
});

it('a record that is out of the range of the job is none either', () => {
  const { sink, take } = open({ from: new Date(FROM).toISOString() });
  take(int64(FROM - 1));
  expect([sink.outOfRange, sink.kept]).toEqual([1, 0]);
});
