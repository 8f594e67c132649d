// Which times the records of a file may have: as Camus's bucket says, or the folder, or as any archive can hold. It is
// what a time range relies on when it leaves files out, so both must agree on every day and in every zone.
import { describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { expectedTimes } from '../../../../activities/replay/manifest/expected-times.ts';
import { replayJob } from '../../../support/replay-job.ts';

const WRITTEN = Date.UTC(2026, 10, 28);
const RANGE = { from: '2014-11-02T00:00:00Z' };
const utc = { dest: '/c', timeZone: 'UTC' };

function timesOf(path: string, input: Partial<ReplayInput> = {}, count?: number): [string, string, string] {
  const file = { path, length: 1, modifiedAt: WRITTEN, ...(count !== undefined && { count }) };
  const { from, to, by } = expectedTimes(replayJob({ topic: 'e', ...input }), file);
  return [new Date(from).toISOString(), new Date(to).toISOString(), by];
}

const HOUR = '/c/e/hourly/2014/11/02/00';
const DAY = '/c/e/daily/2014/11/02';
const NAME = `e.1.0.5.9.${Date.UTC(2014, 10, 2, 8)}.avro`;

describe("a file of Camus's", () => {
  it.each([
    ['an hour', `${HOUR}/${NAME}`, undefined, '2014-11-02T07:00:00.000Z', '2014-11-02T10:00:00.000Z'],
    ['a day', `${DAY}/${NAME}`, undefined, '2014-11-02T07:00:00.000Z', '2014-11-03T09:00:00.000Z'],
    ['as many minutes as the job says', `${HOUR}/${NAME}`, 90, '2014-11-02T07:00:00.000Z', '2014-11-02T10:30:00.000Z'],
    [
      'a month at most elsewhere',
      `/c/e/all/${NAME}`,
      undefined,
      '2014-11-02T07:00:00.000Z',
      '2014-12-03T08:00:00.000Z',
    ],
  ])('has its bucket for %s, whatever the zone', (_, path, bucketMinutes, from, to) => {
    const archive = { dest: '/c', ...(bucketMinutes !== undefined && { bucketMinutes }) };
    for (const timeZone of ['UTC', 'Asia/Kolkata'])
      expect(timesOf(path, { archive: { ...archive, timeZone }, ...RANGE }, 5)).toEqual([from, to, 'name']);
  });

  it('without a bucket has its folder; a number in the name of another file says nothing', () => {
    expect(timesOf(`${HOUR}/e.1.0.5.9.avro`, { archive: utc, ...RANGE }, 5)[2]).toBe('folder');
    expect(timesOf(`/in/other${NAME}`)[2]).toBe('nothing');
  });
});

describe('another file', () => {
  it('has its folder, in the zone of the job where a range relies on it, and in any zone else', () => {
    const path = `${HOUR}/part-0.avro`;
    expect(timesOf(path, { archive: utc, ...RANGE })).toEqual([
      '2014-11-01T22:00:00.000Z',
      '2014-11-02T03:00:00.000Z',
      'folder',
    ]);
    const loose = ['2014-11-01T08:00:00.000Z', '2014-11-02T15:00:00.000Z', 'folder'];
    expect(timesOf(path, { archive: utc })).toEqual(loose);
    expect(timesOf(path, { archive: { ...utc, readAllFiles: true }, ...RANGE })).toEqual(loose);
    expect(timesOf(path, { archive: { ...utc, strayTimes: 'ignore' }, ...RANGE })).toEqual(loose);
  });

  it.each([
    ['/in/2014/11/02/08/30', '2014-11-01T16:30:00.000Z', '2014-11-02T23:30:00.000Z'],
    ['/in/year=2014/month=11/day=02/hour=08', '2014-11-01T16:00:00.000Z', '2014-11-02T23:00:00.000Z'],
    ['/in/dt=2014-11-02/hour=08', '2014-11-01T16:00:00.000Z', '2014-11-02T23:00:00.000Z'],
    ['/in/dt=2014-11-02', '2014-11-01T08:00:00.000Z', '2014-11-03T14:00:00.000Z'],
  ])('in %s, by which a range leaves out nothing, has them in any zone', (folder, from, to) => {
    expect(timesOf(`${folder}/part-0`, { archive: utc, ...RANGE })).toEqual([from, to, 'folder']);
  });

  it('in a folder without a date has times that an archive of Kafka can have', () => {
    expect(timesOf('/in/part-0')).toEqual(['1980-01-01T00:00:00.000Z', '2027-11-29T00:00:00.000Z', 'nothing']);
    const unknown = expectedTimes(replayJob(), { path: '/in/part-0', length: 1, modifiedAt: 0 });
    expect(unknown.to).toBe(8.64e15);
  });
});
