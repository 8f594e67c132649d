// Which times the records of a folder may have, by its name and the archive's zone, with room on both sides.
import { describe, expect, it } from 'vitest';
import { folderTimes } from '../../../layouts/camus/folder-times.ts';

const HOUR = 3_600_000;
const iso = (time: number | undefined): string => new Date(time ?? NaN).toISOString();

describe('the times of a folder', () => {
  it.each([
    ['/t/hourly/2014/10/30/13', 'UTC', '2014-10-30T11:00:00.000Z', '2014-10-30T16:00:00.000Z'],
    ['/t/hourly/2014/10/30/13', 'America/Los_Angeles', '2014-10-30T18:00:00.000Z', '2014-10-30T23:00:00.000Z'],
    ['/t/hourly/2014/12/30/13', 'Asia/Kolkata', '2014-12-30T05:30:00.000Z', '2014-12-30T10:30:00.000Z'],
    ['/t/daily/2014/10/30', 'UTC', '2014-10-29T22:00:00.000Z', '2014-10-31T03:00:00.000Z'],
  ])('%s in %s are from %s to %s', (folder, zone, from, to) => {
    const times = folderTimes(folder, zone);
    expect([iso(times?.from), iso(times?.to)]).toEqual([from, to]);
  });

  it.each(['/t/hourly/2014/10', '/t', '/t/2014-10-30', '/t/2014/10/30/x', '/t/2014/1/3/5'])(
    '%s are not known',
    (folder) => {
      expect(folderTimes(folder, 'UTC')).toBeUndefined();
    },
  );

  it('cover every moment whose clock shows the folder, on days when clocks change too', () => {
    const zones = ['Europe/Berlin', 'America/Los_Angeles', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'];
    const days = [Date.UTC(2014, 2, 9), Date.UTC(2014, 2, 30), Date.UTC(2014, 9, 26), Date.UTC(2014, 10, 2)];
    for (const timeZone of zones) {
      const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
      for (const day of days)
        for (let time = day - 12 * HOUR; time < day + 36 * HOUR; time += HOUR / 4) {
          const [date = '', hour = ''] = clock.format(time).split(/[ :]/);
          const { from, to } = folderTimes(`/t/${date.replaceAll('-', '/')}/${hour}`, timeZone)!;
          expect(from <= time && time < to, `${iso(time)} in ${timeZone}`).toBe(true);
        }
    }
  });
});
