import { localToUtc, utcToLocal } from '../../../formats/text/local-time.ts';

/**
 * A point in time that is told from the scheduled start of the job, so that one input serves every firing of a
 * Schedule: `now`, then steps `+2h`, `-1d`, and `/d` for the beginning of the day. `-1d/d` is the beginning of
 * yesterday, and `/d` that of today. Units: s, m, h, d, w (from Monday), M (months), y.
 */
export function isRelativeTime(text: string): boolean {
  return text !== '' && /^(now)?([+-]\d{1,9}[smhdwMy]|\/[smhdwMy])*$/.test(text);
}

const FIXED = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds since 1970 UTC of a relative time. Days and longer units are those of the zone's calendar. */
export function resolveRelativeTime(text: string, base: number, timeZone: string): number {
  const toLocal = utcToLocal(timeZone);
  const toUtc = localToUtc(timeZone);
  let at = base;
  for (const [, sign, count, unit, rounded] of text.matchAll(/([+-])(\d+)([smhdwMy])|\/([smhdwMy])/g)) {
    if (rounded !== undefined) at = toUtc(beginningOf(toLocal(at), rounded));
    else {
      const steps = Number(count) * (sign === '-' ? -1 : 1);
      at = unit! in FIXED ? at + steps * FIXED[unit as keyof typeof FIXED] : toUtc(moved(toLocal(at), steps, unit!));
    }
  }
  return at;
}

/** Moves a local time by calendar units; the 31st of a month without one is its last day. */
function moved(local: number, steps: number, unit: string): number {
  if (unit === 'd' || unit === 'w') return local + steps * (unit === 'w' ? 7 : 1) * 24 * FIXED.h;
  const date = new Date(local);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + steps * (unit === 'y' ? 12 : 1));
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, daysInMonth));
  return date.getTime();
}

function beginningOf(local: number, unit: string): number {
  if (unit in FIXED) {
    const size = FIXED[unit as keyof typeof FIXED];
    return Math.floor(local / size) * size;
  }
  const date = new Date(local);
  const month = unit === 'y' ? 0 : date.getUTCMonth();
  const sinceMonday = (date.getUTCDay() + 6) % 7;
  const day = unit === 'd' ? date.getUTCDate() : unit === 'w' ? date.getUTCDate() - sinceMonday : 1;
  return Date.UTC(date.getUTCFullYear(), month, day);
}
