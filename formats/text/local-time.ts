/** A point in time as calendars and clocks show it. */
export interface ClockTime {
  year: number;
  /** From 1. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

/** Milliseconds since 1970 of what a clock at UTC shows; undefined where there is no such day or time. */
export function utcMillis(time: ClockTime): number | undefined {
  const { year, month, day, hour, minute, second, millisecond } = time;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const sameDay = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!sameDay || hour > 23 || minute > 59 || second > 59 || millisecond > 999) return undefined;
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Offsets of one zone, looked up once for each quarter of an hour: `Intl` is too slow for each line. */
class ZoneOffsets {
  readonly #format: Intl.DateTimeFormat;
  readonly #known = new Map<number, number>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  }

  /** Local time less UTC, in milliseconds, at a point in time. */
  at(millis: number): number {
    const quarter = Math.floor(millis / (HOUR / 4));
    const known = this.#known.get(quarter);
    if (known !== undefined) return known;
    const start = quarter * (HOUR / 4);
    const part = Object.fromEntries(this.#format.formatToParts(start).map(({ type, value }) => [type, value]));
    const year = part['era'] === 'BC' || part['era'] === 'B' ? 1 - Number(part['year']) : Number(part['year']);
    const local = Date.UTC(
      year,
      Number(part['month']) - 1,
      Number(part['day']),
      Number(part['hour']),
      Number(part['minute']),
      Number(part['second']),
    );
    if (this.#known.size > 100_000) this.#known.clear();
    this.#known.set(quarter, local - start);
    return local - start;
  }
}

/** Whether `Intl` knows a time zone. */
export function isTimeZone(timeZone: string): boolean {
  if (timeZone === 'UTC') return true; // of nearly all jobs; to load all others takes a process some 20 ms
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** Turns milliseconds since 1970 into what the clocks of a zone show then, as if they were at UTC. */
export function utcToLocal(timeZone: string): (millis: number) => number {
  if (timeZone === 'UTC') return (millis) => millis;
  const offsets = new ZoneOffsets(timeZone);
  return (millis) => millis + offsets.at(millis);
}

/**
 * Turns local times of a zone, given as if they were UTC, into milliseconds since 1970. An hour that the clocks show
 * twice is the second one, and one that they leave out is read with the offset before it, both as `java.util.Calendar`
 * does: standard time counts.
 */
export function localToUtc(timeZone: string): (localMillis: number) => number {
  if (timeZone === 'UTC') return (local) => local;
  const offsets = new ZoneOffsets(timeZone);
  return (local) => {
    const before = offsets.at(local - DAY);
    const after = offsets.at(local + DAY);
    if (before === after) return local - before;
    const fits = [before, after].filter((offset) => offsets.at(local - offset) === offset);
    return local - (fits.length === 1 ? fits[0]! : Math.min(before, after));
  };
}
