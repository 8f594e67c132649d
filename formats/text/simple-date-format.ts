import { FormatError } from '../format-error.ts';
import { localToUtc, utcMillis } from './local-time.ts';
import type { ClockTime } from './local-time.ts';
import { zoneExpression, zoneOffset } from './zone-offset.ts';

/** Reads a time; milliseconds since 1970, or undefined where the text is not of the format. */
export type ParseTime = (text: string) => number | undefined;

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** What a letter stands for, and the regular expression of a field that is not a number. */
const LETTERS: Readonly<Record<string, string>> = {
  y: 'year',
  M: 'month',
  L: 'month',
  d: 'day',
  H: 'hour',
  k: 'hour1to24',
  K: 'hour0to11',
  h: 'hour1to12',
  a: 'half',
  m: 'minute',
  s: 'second',
  S: 'millisecond',
  E: 'weekday',
  Z: 'zone',
  z: 'zone',
  X: 'zone',
};

interface Token {
  literal?: string;
  letter?: string;
  width?: number;
}

function tokenize(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (const [part] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'/g)) {
    if (/^[A-Za-z]/.test(part)) tokens.push({ letter: part[0]!, width: part.length });
    else if (part === "''") tokens.push({ literal: "'" });
    else tokens.push({ literal: part.startsWith("'") ? part.slice(1, -1).replaceAll("''", "'") : part });
  }
  return tokens;
}

function isNumber(token: Token | undefined): boolean {
  if (token?.letter === undefined) return false;
  return !'aEZzX'.includes(token.letter) && !('ML'.includes(token.letter) && token.width! >= 3);
}

/** The expression of one field. Numbers that touch have the width of the pattern, others as many digits as there are. */
function fieldExpression(token: Token, next: Token | undefined, zone: string): string {
  if (token.literal !== undefined) return token.literal.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  if (isNumber(token)) return isNumber(next) ? String.raw`(\d{${token.width}})` : String.raw`(\d{1,9})`;
  if (token.letter === 'a') return '([AaPp][Mm])';
  return 'MLE'.includes(token.letter!) ? String.raw`(\p{L}+)` : `(${zone})`;
}

/** The expression of a whole text. Blanks before a number that stands alone are passed over, as in `Mar  9`. */
function textExpression(tokens: readonly Token[], zone: string): RegExp {
  const parts = tokens.map((token, i) => {
    const alone = isNumber(token) && !isNumber(tokens[i - 1]) && !isNumber(tokens[i + 1]);
    return (alone ? '[ \\t]*' : '') + fieldExpression(token, tokens[i + 1], zone);
  });
  return new RegExp(`^${parts.join('')}$`, 'u');
}

function monthNumber(text: string): number {
  if (/^\d/.test(text)) return Number(text);
  const lower = text.toLowerCase();
  return MONTHS.findIndex((name) => name.toLowerCase() === lower || name.slice(0, 3).toLowerCase() === lower) + 1;
}

function clockTime(fields: ReadonlyMap<string, string>, shortYear: boolean): ClockTime {
  const number = (name: string, otherwise: number) => Number(fields.get(name) ?? otherwise);
  const year = number('year', 1970);
  const afternoon = fields.get('half')?.toLowerCase() === 'pm' ? 12 : 0;
  let hour = number('hour', 0);
  if (fields.has('hour1to24')) hour = number('hour1to24', 24) === 24 ? 0 : number('hour1to24', 24) || 99;
  if (fields.has('hour0to11')) hour = number('hour0to11', 0) > 11 ? 99 : number('hour0to11', 0) + afternoon;
  if (fields.has('hour1to12')) {
    const shown = number('hour1to12', 12);
    hour = shown < 1 || shown > 12 ? 99 : (shown % 12) + afternoon;
  }
  return {
    year: shortYear && fields.get('year')?.length === 2 ? (year < 70 ? 2000 : 1900) + year : year,
    month: monthNumber(fields.get('month') ?? '1'),
    day: number('day', 1),
    hour,
    minute: number('minute', 0),
    second: number('second', 0),
    millisecond: number('millisecond', 0),
  };
}

/**
 * Parses times of a pattern of `java.text.SimpleDateFormat` with English names. Other than Java: a day or time that
 * does not exist is refused instead of carried over, the whole text must match, a year of two digits is one from
 * 1970 to 2069, and names of zones are the short ones that mean one thing.
 *
 * @param timeZone IANA name, for patterns without a zone
 * @throws FormatError 'unsupported' for a letter that is not known
 */
export function simpleDateFormat(pattern: string, timeZone: string): ParseTime {
  const tokens = tokenize(pattern);
  const unknown = tokens.find((token) => token.letter !== undefined && LETTERS[token.letter] === undefined);
  if (unknown !== undefined || !tokens.some((token) => token.letter !== undefined))
    throw new FormatError('unsupported', `the time format ${JSON.stringify(pattern)} can't be read`, {
      expected: `unix, unix_seconds, unix_milliseconds, ISO-8601, or a pattern of ${Object.keys(LETTERS).join(' ')}`,
      found: unknown?.letter ?? 'no letter',
    });
  const expression = textExpression(tokens, zoneExpression(timeZone));
  const names = tokens.filter((token) => token.letter !== undefined).map((token) => LETTERS[token.letter!]!);
  const shortYear = tokens.some((token) => token.letter === 'y' && token.width! <= 2);
  const toUtc = localToUtc(timeZone);
  return (text) => {
    const match = expression.exec(text);
    if (match === null) return undefined;
    const fields = new Map(names.map((name, i) => [name, match[i + 1]!]));
    const millis = utcMillis(clockTime(fields, shortYear));
    const zone = fields.get('zone');
    if (millis === undefined) return undefined;
    return zone === undefined ? toUtc(millis) : millis - zoneOffset(zone);
  };
}
