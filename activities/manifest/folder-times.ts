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
  const start = zonedTime(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour ?? 0)), timeZone);
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

/** Time whose clock in `timeZone` shows what `wallClock` shows in UTC; good to the hour where clocks change. */
function zonedTime(wallClock: number, timeZone: string): number {
  return wallClock - offsetAt(wallClock - offsetAt(wallClock, timeZone), timeZone);
}

function offsetAt(time: number, timeZone: string): number {
  const part = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const shown = Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'],
    part['hour'],
    part['minute'],
    part['second'],
  );
  return shown - Math.floor(time / 1000) * 1000;
}

/** Making one takes longer than using it, and an archive has a million files. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const number = 'numeric';
  const fields = { year: number, month: number, day: number, hour: number, minute: number, second: number } as const;
  const clock = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields });
  clocks.set(timeZone, clock);
  return clock;
}
