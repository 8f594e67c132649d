// Which times the records of a folder may have, by its name and the archive's zone, with room on both sides.
import { describe, expect, it } from 'vitest';
import { bucketTimes, folderTimes } from '../../../layouts/camus/folder-times.ts';
import { TimePartitions } from '../../../layouts/camus/time-partitions.ts';

const HOUR = 3_600_000;
const iso = (time: number | undefined): string => new Date(time ?? NaN).toISOString();

describe('the times of a folder', () => {
  it.each([
    ['/t/hourly/2014/10/30/13', 'UTC', '2014-10-30T11:00:00.000Z', '2014-10-30T16:00:00.000Z'],
    ['/t/hourly/2014/10/30/13', 'America/Los_Angeles', '2014-10-30T18:00:00.000Z', '2014-10-30T23:00:00.000Z'],
    ['/t/hourly/2014/12/30/13', 'Asia/Kolkata', '2014-12-30T05:30:00.000Z', '2014-12-30T10:30:00.000Z'],
    ['/t/daily/2014/10/30', 'UTC', '2014-10-29T22:00:00.000Z', '2014-10-31T03:00:00.000Z'],
  ])('%s in %s are from %s to %s', (folder, zone, from, to) => {
    const times = folderTimes(folder, { timeZone: zone });
    expect([iso(times?.from), iso(times?.to)]).toEqual([from, to]);
  });

  it.each(['/t/hourly/2014/10', '/t', '/t/2014-10-30', '/t/2014/10/30/x', '/t/2014/1/3/5'])(
    '%s are not known',
    (folder) => {
      expect(folderTimes(folder, { timeZone: 'UTC' })).toBeUndefined();
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
          const { from, to } = folderTimes(`/t/${date.replaceAll('-', '/')}/${hour}`, { timeZone })!;
          expect(from <= time && time < to, `${iso(time)} in ${timeZone}`).toBe(true);
        }
    }
  });
});

describe("the times of Camus's bucket", () => {
  it('cover every moment of the hour that it shows, whichever of two hours of that name it begins with', () => {
    const zones = ['Europe/Berlin', 'America/Los_Angeles', 'Australia/Lord_Howe', 'UTC'];
    const days = [Date.UTC(2014, 3, 6), Date.UTC(2014, 9, 26), Date.UTC(2014, 10, 2)];
    for (const timeZone of zones) {
      const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
      const moments = days.flatMap((day) => Array.from({ length: 192 }, (_, at) => day - 12 * HOUR + (at * HOUR) / 4));
      const shown = new Map(moments.map((time) => [time, clock.format(time)]));
      for (const [start, text] of shown) {
        if (!text.endsWith(':00')) continue;
        const { from, to } = bucketTimes(start, '/t/hourly/2014/01/01/00', { timeZone })!;
        for (const [time, other] of shown)
          if (other.slice(0, 13) === text.slice(0, 13))
            expect(from <= time && time < to, `${iso(time)} in the bucket ${iso(start)} of ${timeZone}`).toBe(true);
      }
    }
  });

  it.each(['UTC', 'America/Los_Angeles', 'Asia/Kolkata', 'Africa/Casablanca'])(
    'hold whatever a writer puts into a bucket of many days, below any folder (%s)',
    (timeZone) => {
      const wrong: string[] = [];
      for (const bucketMinutes of [2880, 10_080, 44_640]) {
        const clock = { timeZone, bucketMinutes };
        for (const options of [{ subDir: 'raw/v2' }, { folders: 'daily', subDir: 'raw/v2' }]) {
          const writer = new TimePartitions({ ...clock, ...options });
          const year = Date.parse('2026-01-01T00:00Z');
          for (let time = year; time < year + 8784 * HOUR; time += 1.75 * HOUR) {
            const { start, folder } = writer.of(time);
            const bucket = bucketTimes(start, `/t/${folder}`, clock)!;
            const whole = folderTimes(`/t/${folder}`, clock)!;
            const inside = [bucket, whole].every(({ from, to }) => from <= time && time < to);
            if (!inside || !folder.startsWith('raw/v2/')) wrong.push(`${iso(time)} in ${iso(start)}, ${folder}`);
          }
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  it('are as long as the job says, else as the folder does', () => {
    const lengthOf = (folder: string, bucketMinutes?: number): number | undefined => {
      const times = bucketTimes(0, folder, { timeZone: 'UTC', ...(bucketMinutes !== undefined && { bucketMinutes }) });
      return times && (times.to - times.from) / HOUR - 2;
    };
    expect(lengthOf('/t/2014/10/30/13')).toBe(1);
    expect(lengthOf('/t/2014/10/30')).toBe(24);
    expect(lengthOf('/t/flat')).toBeUndefined();
    expect([lengthOf('/t/flat', 30), lengthOf('/t/2014/10/30/00', 1440)]).toEqual([0.5, 24]);
  });
});
