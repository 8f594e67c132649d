import { parse } from 'lossless-json';
import { FormatError, type FormatErrorFacts } from '../format-error.ts';
import type { Int64 } from '../int64.ts';
import { iso8601 } from './iso-8601.ts';
import { isTimeZone } from './local-time.ts';
import { simpleDateFormat } from './simple-date-format.ts';
import type { ParseTime } from './simple-date-format.ts';

/** Where a line has its time, and how it is written. */
export interface LineTimeOptions {
  /**
   * The field of a JSON object: its name, or a path of names with dots between them (a name with a dot in it is
   * looked for first). Either this or `pattern`. Camus's `camus.message.timestamp.field`.
   */
  field?: string;
  /** A regular expression: its group `time`, or its first group, or what it matches as a whole. */
  pattern?: string;
  /**
   * `unix` or `unix_seconds`, `unix_milliseconds`, `ISO-8601`, or a pattern of Java's SimpleDateFormat such as
   * `[dd/MMM/yyyy:HH:mm:ss Z]`. Camus's `camus.message.timestamp.format`.
   */
  format: string;
  /** IANA name of the zone of times that have none in them. @default 'UTC' */
  timeZone?: string;
}

/**
 * Writes a line's time, milliseconds since 1970, into `target`.
 * @throws FormatError 'time' where there is none, or it can't be read; without a position
 */
export type ReadLineTime = (line: Uint8Array, target: Int64) => void;

/** A line has no time at all: another matter than one that can't be read. */
export class NoTimeThere extends FormatError {
  constructor(message: string, expected: string, found: unknown, cause?: unknown) {
    super('time', message, shownFacts(expected, found, cause));
  }
}

function noTime(message: string, expected: string, found: unknown): FormatError {
  return new FormatError('time', message, shownFacts(expected, found));
}

function shownFacts(expected: string, found: unknown, cause?: unknown): FormatErrorFacts {
  const isText = typeof found === 'string' || typeof found === 'bigint';
  const shown = isText ? String(found) : (JSON.stringify(found) ?? 'nothing');
  return { expected, found: shown.length > 100 ? `${shown.slice(0, 100)}...` : shown, cause };
}

function fieldAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** Leaves out a byte order mark, as Camus's parser of JSON does: it is no reason for a line to have no time. */
const decoder = new TextDecoder('utf-8');

function jsonField(field: string): (line: Uint8Array) => unknown {
  const find = fieldOf(field);
  return (line) => {
    const text = decoder.decode(line);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new NoTimeThere(
        'a line is no JSON, so it has no time',
        `a JSON object with the field ${field}`,
        text,
        cause,
      );
    }
    return find(value, text);
  };
}

/** Finds the field in JSON that is parsed already; `text` is what was parsed. */
function fieldOf(field: string): (value: unknown, text: string) => unknown {
  const path = field.split('.');
  return (value, text) => {
    const found = fieldAt(value, [field]) ?? fieldAt(value, path);
    if (found === undefined || found === null) throw new NoTimeThere('a line has no time', `a field ${field}`, text);
    return typeof found === 'number' && Number.isInteger(found) && !Number.isSafeInteger(found)
      ? (exactAt(text, field, path) ?? found)
      : found;
  };
}

/** An integer beyond 2^53 as it is written: an error about it must not name another one. */
function exactAt(text: string, field: string, path: readonly string[]): unknown {
  const exact = (digits: string): unknown => (/^-?\d+$/.test(digits) ? BigInt(digits) : Number(digits));
  const value = parse(text, undefined, exact);
  return fieldAt(value, [field]) ?? fieldAt(value, path);
}

function matched(pattern: string): (line: Uint8Array) => unknown {
  const expression = new RegExp(pattern, 'u');
  return (line) => {
    const text = decoder.decode(line);
    const match = expression.exec(text);
    const found = match?.groups?.['time'] ?? match?.[1] ?? match?.[0];
    if (found === undefined) throw new NoTimeThere('a line has no time', `a match of ${pattern}`, text);
    return found;
  };
}

const SMALLEST = -(2n ** 63n);
const LARGEST = 2n ** 63n - 1n;

function store(millis: number | bigint, target: Int64): void {
  if (typeof millis === 'bigint') {
    target.hi = Number(BigInt.asIntN(32, millis >> 32n));
    target.lo = Number(BigInt.asUintN(32, millis));
    return;
  }
  target.hi = Math.floor(millis / 2 ** 32);
  target.lo = millis - target.hi * 2 ** 32;
}

/** A number, or digits in a string, as Gson's `getAsLong` takes them: what follows a decimal point is cut off. */
function unixTime(value: unknown, scale: number, format: string): number | bigint {
  const tooLarge = (found: unknown): FormatError =>
    noTime('the time of a line is too large for its format', `${format} of at most 2^53 milliseconds`, found);
  const wrong = () => noTime('the time of a line is no number', `${format}: a 64-bit integer`, value);
  if (typeof value === 'bigint') throw tooLarge(value);
  if (typeof value === 'number') {
    const millis = Math.trunc(value) * scale;
    if (Number.isSafeInteger(millis)) return millis;
    throw tooLarge(value);
  }
  if (typeof value !== 'string' || !/^\s*[+-]?\d+(\.\d+)?\s*$/.test(value)) throw wrong();
  const millis = BigInt(value.trim().replace(/\..*$/, '').replace('+', '')) * BigInt(scale);
  if (millis < SMALLEST || millis > LARGEST) throw wrong();
  return millis;
}

function textTime(parsers: readonly ParseTime[], format: string): (value: unknown) => number {
  return (value) => {
    for (const parse of typeof value === 'string' ? parsers : []) {
      const millis = parse(value as string);
      if (millis !== undefined) return millis;
    }
    throw noTime('the time of a line is not of its format', format, value);
  };
}

function valueReader(format: string, timeZone: string): (value: unknown) => number | bigint {
  switch (format) {
    case 'unix':
    case 'unix_seconds':
      return (value) => unixTime(value, 1000, format);
    case 'unix_milliseconds':
      return (value) => unixTime(value, 1, format);
    case 'ISO-8601':
      return textTime([iso8601(timeZone)], format);
    default:
      // Camus, too, takes ISO 8601 under any pattern.
      return textTime([simpleDateFormat(format, timeZone), iso8601(timeZone)], format);
  }
}

/**
 * A reader of the times of lines, as Camus's `JsonStringMessageDecoder` has it, except that a line without a time is
 * an error: Camus takes the present time, which means nothing in a replay.
 *
 * @throws FormatError 'unsupported' for a format or zone that is not known
 */
export function lineTimeReader(options: LineTimeOptions): ReadLineTime {
  const { field, pattern, format, timeZone } = options;
  if ((field === undefined) === (pattern === undefined))
    throw new FormatError('unsupported', 'the time of a line is in a field or matches a pattern: name one of them', {
      expected: 'field or pattern',
      found: field === undefined ? 'none of them' : 'both',
    });
  const find = field === undefined ? matched(pattern!) : jsonField(field);
  const read = checkedReader(format, timeZone);
  return (line, target) => store(read(find(line)), target);
}

/**
 * The same of JSON that is parsed already.
 *
 * @throws FormatError 'unsupported' for a format or zone that is not known
 */
export function parsedTimeReader({
  field,
  format,
  timeZone,
}: Required<Pick<LineTimeOptions, 'field'>> & Omit<LineTimeOptions, 'pattern'>): (
  value: unknown,
  text: string,
  target: Int64,
) => void {
  const find = fieldOf(field);
  const read = checkedReader(format, timeZone);
  return (value, text, target) => store(read(find(value, text)), target);
}

function checkedReader(format: string, timeZone = 'UTC'): (value: unknown) => number | bigint {
  if (isTimeZone(timeZone)) return valueReader(format, timeZone);
  throw new FormatError('unsupported', 'a time zone that is not known', {
    expected: 'an IANA name such as America/Los_Angeles',
    found: timeZone,
  });
}
