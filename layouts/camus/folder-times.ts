import { localToUtc } from '../../formats/text/local-time.ts';
import type { ArchiveClock, TimeBucket } from '../archive-layout.ts';
import { folderDate } from '../folder-date.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Clocks that change, and writers whose idea of a record's time differs a little. */
const MARGIN = 2 * HOUR;

interface Times {
  from: number;
  to: number;
}

const DAILY = /\/\d{4}\/\d{2}\/\d{2}$/;
const HOURLY = /\/\d{4}\/\d{2}\/\d{2}\/\d{2}$/;

/**
 * The times that the records of a folder named .../YYYY/MM/dd[/HH] may have, in ms since 1970 UTC with a margin of two
 * hours on both sides; undefined for other folders.
 */
export function folderTimes(folder: string, { timeZone, bucketMinutes }: ArchiveClock): Times | undefined {
  const length = bucketLength(folder);
  const date = folderDate(folder);
  if (length === undefined || date === undefined) return undefined;
  const start = zoneOf(timeZone)(date.at);
  const whole = bucketMinutes === undefined ? length : Math.max(length, bucketMinutes * MINUTE);
  return { from: start - MARGIN, to: start + whole + (DAILY.test(folder) ? HOUR : 0) + MARGIN };
}

/** The folder above YYYY/MM/dd[/HH], and the day. */
export function dated(path: string): { root: string; day: string } | undefined {
  const [, root, day] = /^(.*?)\/(\d{4}\/\d{2}\/\d{2})(?:\/\d{2})?\/[^/]*$/.exec(path) ?? [];
  return root === undefined || day === undefined ? undefined : { root, day };
}

/**
 * The times that the records of a bucket may have: an hour in hourly folders and a day in daily ones, unless the job
 * says how long. An hour more on both sides: on the day the clocks go back two hours share a bucket, which begins with
 * the first of them west of Greenwich and with the second one east of it. Undefined where nothing tells how long.
 */
export function bucketTimes(start: number, folder: string, { bucketMinutes }: ArchiveClock): Times | undefined {
  const length = bucketMinutes === undefined ? bucketLength(folder) : bucketMinutes * MINUTE;
  return length === undefined ? undefined : { from: start - HOUR, to: start + length + HOUR };
}

/**
 * The bucket that begins at `start` in such a folder, as the name says it: without room for hours that are there twice.
 * Where a folder is one bucket, its date tells the writer's clock.
 */
export function bucketOf(start: number, folder: string, { bucketMinutes }: ArchiveClock): TimeBucket | undefined {
  const ofFolder = bucketLength(folder);
  const length = bucketMinutes === undefined ? ofFolder : bucketMinutes * MINUTE;
  if (length === undefined) return undefined;
  const date = length === ofFolder ? folderDate(folder) : undefined;
  return { from: start, to: start + length, clock: date === undefined ? undefined : date.at - start };
}

/** How long a bucket lasts in a folder of this name, in ms; undefined where it doesn't tell. */
function bucketLength(folder: string): number | undefined {
  if (HOURLY.test(folder)) return HOUR;
  return DAILY.test(folder) ? 24 * HOUR : undefined;
}

/** Making one takes longer than using it, and an archive has a million files. */
const zones = new Map<string, (localMillis: number) => number>();

function zoneOf(timeZone: string): (localMillis: number) => number {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const zone = localToUtc(timeZone);
  zones.set(timeZone, zone);
  return zone;
}
