import { FormatError } from '../format-error.ts';
import { isTimeZone, utcToLocal } from './local-time.ts';

/** Prints a point in time, milliseconds since 1970. */
export type PrintTime = (millis: number) => string;

const DAY = 86_400_000;
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

interface Shown {
  /** What the clocks of the zone show, as if they were at UTC. */
  local: Date;
  /** Local time less UTC, in milliseconds. */
  offset: number;
}

type Print = (shown: Shown, width: number) => string;

const LETTERS: Readonly<Record<string, Print>> = {
  y: ({ local }, width) => year(local.getUTCFullYear(), width),
  Y: ({ local }, width) => year(local.getUTCFullYear(), width),
  x: ({ local }, width) => year(thursday(local).getUTCFullYear(), width),
  M: ({ local }, width) =>
    width < 3 ? digits(local.getUTCMonth() + 1, width) : name(MONTHS, local.getUTCMonth(), width),
  d: ({ local }, width) => digits(local.getUTCDate(), width),
  D: ({ local }, width) => digits(dayOfYear(local), width),
  w: ({ local }, width) => digits(Math.floor((dayOfYear(thursday(local)) - 1) / 7) + 1, width),
  e: ({ local }, width) => digits(((local.getUTCDay() + 6) % 7) + 1, width),
  E: ({ local }, width) => name(WEEKDAYS, (local.getUTCDay() + 6) % 7, width),
  a: ({ local }) => (local.getUTCHours() < 12 ? 'AM' : 'PM'),
  H: ({ local }, width) => digits(local.getUTCHours(), width),
  k: ({ local }, width) => digits(local.getUTCHours() || 24, width),
  K: ({ local }, width) => digits(local.getUTCHours() % 12, width),
  h: ({ local }, width) => digits(local.getUTCHours() % 12 || 12, width),
  m: ({ local }, width) => digits(local.getUTCMinutes(), width),
  s: ({ local }, width) => digits(local.getUTCSeconds(), width),
  S: ({ local }, width) => String(local.getUTCMilliseconds()).padStart(3, '0').padEnd(width, '0').slice(0, width),
  Z: ({ offset }, width) => zone(offset, width === 1 ? '' : ':'),
};

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** Two letters are the last two digits, as Joda's. */
function year(value: number, width: number): string {
  if (width === 2) return digits(Math.abs(value) % 100, 2);
  return value < 0 ? `-${digits(-value, width)}` : digits(value, width);
}

function name(names: readonly string[], index: number, width: number): string {
  const full = names[index]!;
  return width < 4 ? full.slice(0, 3) : full;
}

/** The Thursday of the same week: it says which year the week belongs to. */
function thursday(local: Date): Date {
  return new Date(local.getTime() + (3 - ((local.getUTCDay() + 6) % 7)) * DAY);
}

function dayOfYear(local: Date): number {
  const newYear = new Date(0);
  newYear.setUTCFullYear(local.getUTCFullYear(), 0, 1);
  return Math.floor((local.getTime() - newYear.getTime()) / DAY) + 1;
}

function zone(offset: number, between: string): string {
  const minutes = Math.abs(Math.trunc(offset / 60_000));
  return `${offset < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60), 2)}${between}${digits(minutes % 60, 2)}`;
}

/**
 * Prints times by a pattern of Joda-Time's `DateTimeFormat`, such as `'hourly'/YYYY/MM/dd/HH`, with English names: what
 * `etl.destination.path.topic.sub.dirformat` holds.
 * @param timeZone IANA name
 * @throws FormatError 'unsupported' for a letter or zone that is not known, or a quote that is not closed
 */
export function jodaPrinter(pattern: string, timeZone: string): PrintTime {
  if (!isTimeZone(timeZone))
    throw unsupported('a time zone that is not known', 'an IANA name such as America/Los_Angeles', timeZone);
  const parts: (string | { print: Print; width: number })[] = [];
  for (const [part, letter] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'/g)) {
    if (part === "'") throw unsupported(`the pattern ${pattern} has a quote that is not closed`, "a second '", pattern);
    if (letter === undefined) parts.push(part === "''" ? "'" : part.replace(/^'|'$/g, '').replaceAll("''", "'"));
    else if (Object.hasOwn(LETTERS, letter)) parts.push({ print: LETTERS[letter]!, width: part.length });
    else
      throw unsupported(
        `the pattern ${pattern} can't be printed`,
        `${Object.keys(LETTERS).join(' ')} or '...'`,
        letter,
      );
  }
  const toLocal = utcToLocal(timeZone);
  return (millis) => {
    const local = toLocal(millis);
    const shown = { local: new Date(local), offset: local - millis };
    return parts.map((part) => (typeof part === 'string' ? part : part.print(shown, part.width))).join('');
  };
}

function unsupported(message: string, expected: string, found: string): FormatError {
  return new FormatError('unsupported', message, { expected, found });
}
