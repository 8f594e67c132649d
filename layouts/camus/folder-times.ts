import { localToUtc } from '../../formats/text/local-time.ts';

const HOUR = 3_600_000;
/** Clocks that change, and writers whose idea of a record's time differs a little. */
const MARGIN = 2 * HOUR;

/**
 * The times that the records of a folder named .../YYYY/MM/dd[/HH] may have, in ms since 1970 UTC with a margin of two
 * hours on both sides; undefined for other folders.
 */
export function folderTimes(folder: string, timeZone: string): { from: number; to: number } | undefined {
  const hourly = /\/(\d{4})\/(\d{2})\/(\d{2})\/(\d{2})$/.exec(folder);
  const daily = hourly ?? /\/(\d{4})\/(\d{2})\/(\d{2})$/.exec(folder);
  if (daily === null) return undefined;
  const [, year = '', month = '', day = '', hour] = daily;
  const start = zoneOf(timeZone)(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour ?? 0)));
  return { from: start - MARGIN, to: start + (hour === undefined ? 25 * HOUR : HOUR) + MARGIN };
}

/**
 * How long a bucket of Camus lasts in a folder of this name, in ms: an hour or a day and one hour more, since on the
 * day the clocks go back two hours share one; undefined where the name doesn't tell.
 */
export function bucketSpan(folder: string): number | undefined {
  if (/\/\d{4}\/\d{2}\/\d{2}\/\d{2}$/.test(folder)) return 2 * HOUR;
  return /\/\d{4}\/\d{2}\/\d{2}$/.test(folder) ? 25 * HOUR : undefined;
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
