// What a run tells of records whose bucket is not by a time of their own.
import { expect, it } from 'vitest';
import type { Decision } from '../../../../activities/archive/decision/decision.ts';
import { timeRemarks } from '../../../../activities/archive/decision/time-remarks.ts';

type Partition = Decision['partitions'][number];

function of(topic: string, records: number, untold: Partition['untold'], partition = 0): Partition {
  return { topic, partition, records, untold } as unknown as Partition;
}

it('says nothing where all is well, and where a field is an optional one', () => {
  expect(timeRemarks([of('t', 5, undefined), of('u', 0, {})])).toEqual([]);
  expect(timeRemarks([of('t', 5, { 'missing time': 5 }), of('t', 1, undefined, 1)])).toEqual([]);
});

it('says how many times are not believed', () => {
  expect(timeRemarks([of('t', 5, { 'wild time': 2 }), of('u', 5, { 'wild time': 1 })])).toEqual([
    expect.stringMatching(/^3 records have no time that is believed/),
  ]);
});

it('says how many times can not be read, and of which topics', () => {
  const told = timeRemarks([
    of('t', 5, { 'unreadable time': 2 }),
    of('t', 5, { 'unreadable time': 3 }, 1),
    of('u', 5, { 'unreadable time': 1, 'null key': 4 }),
  ]);
  expect(told).toEqual([
    "6 records have a time that can't be read, and are in the bucket of Kafka's timestamp: 5 of t, 1 of u. Is it written as time.format says?",
  ]);
});

it('says of which topics not one record has the field that the job names, of a few by name', () => {
  const topics = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((topic) => of(topic, 2, { 'missing time': 2 }));
  expect(timeRemarks([...topics, of('a', 3, { 'missing time': 3 }, 1)])).toEqual([
    expect.stringMatching(
      /^not one record has the field.*: 5 of a, 2 of b, 2 of c, 2 of d, 2 of e, and 2 more topics$/,
    ),
  ]);
});
