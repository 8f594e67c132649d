import { expect, it } from 'vitest';
import { bucketTime, NO_TIME } from '../../../../activities/archive/pull/record-time.ts';

const KAFKA = 500;
const HORIZON = 1000;

it.each([
  { own: 7, kafka: 7, apart: 7, fail: 7, what: 'believed' },
  { own: HORIZON, kafka: HORIZON, apart: HORIZON, fail: HORIZON, what: 'just not beyond the horizon' },
  { own: HORIZON + 1, kafka: KAFKA, apart: NO_TIME, fail: undefined, what: 'beyond the horizon' },
  { own: -1, kafka: KAFKA, apart: NO_TIME, fail: undefined, what: 'before 1970' },
  { own: Number.NaN, kafka: KAFKA, apart: KAFKA, fail: KAFKA, what: 'not there' },
  { own: 0, kafka: KAFKA, apart: KAFKA, fail: KAFKA, what: 'nothing, as Camus has it' },
])('a time of $own, which is $what, is kept, put apart or refused as the job says', ({ own, kafka, apart, fail }) => {
  const by = (wild: 'kafka' | 'apart' | 'fail') => bucketTime(own, KAFKA, { horizon: HORIZON, wild });
  expect([by('kafka'), by('apart'), by('fail')]).toEqual([kafka, apart, fail]);
});

it.each([-1, 0, Number.NaN, HORIZON + 1])("is none where Kafka's is %d", (kafka) => {
  expect(bucketTime(Number.NaN, kafka, { horizon: HORIZON, wild: 'kafka' })).toBe(NO_TIME);
});

it.each([
  [HORIZON + 1, undefined],
  [-2, undefined],
  // Of one that was sent without a timestamp nobody said that it has a time.
  [-1, NO_TIME],
  [0, NO_TIME],
  [Number.NaN, undefined],
  [HORIZON, HORIZON],
])("of Kafka's, %d, is one to be refused where wild ones are", (kafka, time) => {
  for (const own of [Number.NaN, 0]) expect(bucketTime(own, kafka, { horizon: HORIZON, wild: 'fail' })).toBe(time);
});
