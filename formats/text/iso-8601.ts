import { localToUtc, utcMillis } from './local-time.ts';
import type { ParseTime } from './simple-date-format.ts';

const TIME = String.raw`(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?`;
const OFFSET = String.raw`(Z|[+-]\d{2}(?::?\d{2})?)`;
const DATE = String.raw`(-?\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|(\d{3})|W(\d{2})(?:-(\d))?))?`;
const EXPRESSION = new RegExp(String.raw`^${DATE}(?:T(?:${TIME}${OFFSET}?)?)?$`, 'i');

const DAY = 86_400_000;

/** Midnight at UTC of a date in one of its three forms: month and day, day of the year, week and day. */
function dateMillis(match: RegExpExecArray): number | undefined {
  const [, year, month, day, dayOfYear, week, weekday] = match;
  const midnight = { year: Number(year), hour: 0, minute: 0, second: 0, millisecond: 0 };
  const newYear = utcMillis({ ...midnight, month: 1, day: 1 })!;
  const inYear = (millis: number) => (new Date(millis).getUTCFullYear() === Number(year) ? millis : undefined);
  if (dayOfYear !== undefined) return inYear(newYear + (Number(dayOfYear) - 1) * DAY);
  if (week === undefined) return utcMillis({ ...midnight, month: Number(month ?? 1), day: Number(day ?? 1) });
  if (Number(week) < 1 || Number(week) > 53 || Number(weekday ?? 1) < 1 || Number(weekday ?? 1) > 7) return undefined;
  // Week 1 is the one with January 4 in it; weeks begin on Monday.
  const fourth = newYear + 3 * DAY;
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY;
  return monday + ((Number(week) - 1) * 7 + Number(weekday ?? 1) - 1) * DAY;
}

/**
 * Parses ISO 8601 times in the forms that Joda-Time's `ISODateTimeFormat.dateTimeParser` takes: a date (calendar,
 * ordinal or week), alone or with a time of day after a T, and an offset. Fractions are cut after the millisecond.
 * @param timeZone IANA name, for times without an offset
 */
export function iso8601(timeZone: string): ParseTime {
  const toUtc = localToUtc(timeZone);
  return (text) => {
    const match = EXPRESSION.exec(text);
    if (match === null) return undefined;
    const date = dateMillis(match);
    const [hour, minute, second] = [match[7], match[8], match[9]].map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
    ];
    if (date === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
    const fraction = Number((match[10] ?? '').slice(0, 3).padEnd(3, '0'));
    const local = date + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
    const offset = match[11];
    if (offset === undefined) return toUtc(local);
    const [, sign, hours, minutes] = /([+-])(\d{2}):?(\d{2})?/.exec(offset) ?? [];
    if (sign === undefined) return local;
    return local - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000;
  };
}
