/**
 * Proves that times get the folders and buckets of Camus's partitioners, in every file of the fixtures; and that on the
 * days when clocks change each instant has one bucket, which begins at or before it, in every zone and length.
 */
import { describe, expect, it } from 'vitest';
import { localToUtc } from '../../../formats/text/local-time.ts';
import { parseArchiveName } from '../../../layouts/camus/archive-names.ts';
import { TimePartitions } from '../../../layouts/camus/time-partitions.ts';
import { fixtureLines, fixturesBelow } from '../../formats/support/fixture-files.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (text: string) => Date.parse(text);
const DAY_OF_FALL = 1_414_886_400_000; // 2014-11-02T00:00Z; clocks in Los Angeles go back at 09:00Z

describe('time partitions', () => {
  it('are those in which Camus put the records of every hourly file', () => {
    const ofHours = new TimePartitions();
    const ofTenMinutes = new TimePartitions({ bucketMinutes: 10 });
    let checked = 0;
    for (const path of fixturesBelow('camus/dest').filter((file) => file.includes('/hourly/'))) {
      const bucketStart = parseArchiveName(path.slice(path.lastIndexOf('/') + 1))?.bucketStartMs;
      const folder = /\/(hourly\/\d{4}\/\d{2}\/\d{2}\/\d{2})\/[^/]+$/.exec(path)?.[1];
      if (bucketStart === undefined || folder === undefined) continue;
      const partitions = path.includes('/web_orders/') ? ofTenMinutes : ofHours;
      expect(partitions.of(bucketStart), path).toEqual({ start: bucketStart, folder });
      checked++;
    }
    expect(checked).toBeGreaterThan(80);
  });

  it('are those of each record of a topic, but that the second of two equal hours has a bucket of its own', () => {
    const partitions = new TimePartitions();
    const second = { from: at('2014-11-02T09:00:00Z'), to: at('2014-11-02T10:00:00Z') };
    let inSecond = 0;
    let checked = 0;
    for (const line of fixtureLines('expected/page_views.index.tsv')) {
      const [timeText = '', path = ''] = line.split('\t');
      const time = Number(timeText);
      const folder = /\/(hourly\/\d{4}\/\d{2}\/\d{2}\/\d{2})\//.exec(path)?.[1];
      const bucketStart = parseArchiveName(path.slice(path.lastIndexOf('/') + 1))?.bucketStartMs;
      if (folder === undefined || bucketStart === undefined) continue;
      // A few were given times of their own, to be replayed in another order.
      if (time < bucketStart || time >= bucketStart + 2 * HOUR) continue;
      const inIt = time >= second.from && time < second.to;
      expect(partitions.of(time), line).toEqual({ folder, start: inIt ? second.from : bucketStart });
      if (inIt) inSecond++;
      checked++;
    }
    expect(checked).toBeGreaterThan(1000);
    expect(inSecond).toBeGreaterThan(10);
  });

  it('give a day of 25 hours one bucket, and one of 23', () => {
    const partitions = new TimePartitions({ folders: 'daily' });
    const fall = { start: at('2014-11-02T07:00:00Z'), folder: 'daily/2014/11/02' };
    expect(partitions.of(fall.start)).toEqual(fall);
    expect(partitions.of(fall.start + 25 * HOUR - 1)).toEqual(fall);
    expect(partitions.of(fall.start + 25 * HOUR).folder).toBe('daily/2014/11/03');
    const spring = { start: at('2014-03-09T08:00:00Z'), folder: 'daily/2014/03/09' };
    expect(partitions.of(spring.start + 23 * HOUR - 1)).toEqual(spring);
    expect(partitions.of(spring.start + 23 * HOUR).folder).toBe('daily/2014/03/10');
  });

  it('begin where the clocks go on when they leave out the beginning', () => {
    // In São Paulo 2014-10-19 began at 01:00.
    const daily = new TimePartitions({ folders: 'daily', timeZone: 'America/Sao_Paulo' });
    const start = at('2014-10-19T03:00:00Z');
    expect(daily.of(start + 5 * HOUR)).toEqual({ start, folder: 'daily/2014/10/19' });
    expect(daily.of(start)).toEqual({ start, folder: 'daily/2014/10/19' });
    expect(daily.of(start - 1).folder).toBe('daily/2014/10/18');
    const long = new TimePartitions({ timeZone: 'America/Sao_Paulo', bucketMinutes: 90 });
    expect(long.of(start + 10 * MINUTE).start).toBeGreaterThanOrEqual(start - 90 * MINUTE);
  });

  it('share a bucket where less than its length comes twice', () => {
    // On Lord Howe Island clocks go back by half an hour, from 02:00 to 01:30.
    const hourly = new TimePartitions({ timeZone: 'Australia/Lord_Howe' });
    const start = localToUtc('Australia/Lord_Howe')(Date.UTC(2014, 3, 6, 1, 0));
    expect(new Set([0, 59, 61, 89].map((minutes) => hourly.of(start + minutes * MINUTE)))).toEqual(
      new Set([{ start, folder: 'hourly/2014/04/06/01' }]),
    );
    expect(hourly.of(start + 90 * MINUTE).folder).toBe('hourly/2014/04/06/02');
  });

  it.each(['UTC', 'America/Los_Angeles', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/Sao_Paulo'])(
    'hold each instant in one bucket that is not behind it, whatever its length (%s)',
    (timeZone) => {
      const wrong: string[] = [];
      for (const bucketMinutes of [1, 7, 10, 15, 45, 60, 90, 240, 1440, 10_080, 44_640]) {
        const partitions = new TimePartitions({ timeZone, bucketMinutes });
        let last = -Infinity;
        const days = [DAY_OF_FALL, at('2014-03-09T00:00Z'), at('2014-10-18T12:00Z'), at('2014-04-05T00:00Z')];
        for (const day of days.sort((a, b) => a - b))
          for (let time = day; time < day + 30 * HOUR; time += 2.5 * MINUTE) {
            const { start } = partitions.of(time);
            const right =
              start <= time &&
              time - start < bucketMinutes * MINUTE + HOUR &&
              start >= last &&
              partitions.of(start) === partitions.of(time);
            if (!right) wrong.push(`${bucketMinutes} minutes at ${new Date(time).toISOString()}: ${start}`);
            last = start;
          }
      }
      expect(wrong).toEqual([]);
    },
  );

  it('take any pattern and sub-folder', () => {
    const time = at('2014-11-02T09:30:00Z');
    const folderOf = (options: object) => new TimePartitions({ timeZone: 'UTC', ...options }).of(time).folder;
    expect(folderOf({ subDir: 'raw/by-hour' })).toBe('raw/by-hour/2014/11/02/09');
    expect(folderOf({ folders: 'daily', subDir: "o'clock" })).toBe("o'clock/2014/11/02");
    expect(folderOf({ folders: "'dt'=YYYY-MM-dd/'hour'=HH", bucketMinutes: 10 })).toBe('dt=2014-11-02/hour=09');
  });

  it('reach back before 1970', () => {
    const partitions = new TimePartitions({ timeZone: 'UTC' });
    expect(partitions.of(-1)).toEqual({ start: -HOUR, folder: 'hourly/1969/12/31/23' });
  });

  it('stay right when more spans came than are remembered', () => {
    const partitions = new TimePartitions({ timeZone: 'UTC', bucketMinutes: 1 });
    for (let i = 0; i < 250_000; i++) partitions.of(i * MINUTE);
    expect(partitions.of(90_000)).toEqual({ start: 60_000, folder: 'hourly/1970/01/01/00' });
  });

  it.each([
    [{ bucketMinutes: 0 }, '1 to 527040 minutes, not 0'],
    [{ bucketMinutes: 1.5 }, 'not 1.5'],
    [{ timeZone: 'Mars/Olympus' }, 'a time zone that is not known'],
    [{ folders: 'YYYY//MM' }, 'not empty'],
    [{ folders: "'_tmp'/YYYY" }, "don't begin with . or _"],
    [{ folders: "'..'/YYYY" }, "don't begin with . or _"],
    [{ folders: '/YYYY' }, 'not empty'],
    [{ folders: 'HH:mm' }, 'no colon'],
    [{ folders: "YYYY'" }, 'quote that is not closed'],
    [{ folders: 'YYYY/qq' }, "can't be printed"],
  ])('refuse %j', (options, message) => {
    expect(() => new TimePartitions(options)).toThrow(message);
  });

  it('refuse a time outside of the calendar', () => {
    expect(() => new TimePartitions().of(9e15)).toThrow('outside of the calendar');
    expect(() => new TimePartitions().of(NaN)).toThrow('outside of the calendar');
  });
});
