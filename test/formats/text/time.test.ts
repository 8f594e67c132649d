// Proves that the times of lines are read as Camus reads them, in every format that it has, and that a line without
// a time is an error and never the present time.
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../formats/format-error.ts';
import { int64ToBigInt } from '../../../formats/int64.ts';
import { lineTimeReader } from '../../../formats/text/time.ts';
import type { LineTimeOptions } from '../../../formats/text/time.ts';

function timeOf(line: string, options: LineTimeOptions): string {
  const target = { hi: 0, lo: 0 };
  lineTimeReader(options)(Buffer.from(line), target);
  return String(int64ToBigInt(target.hi, target.lo));
}

const inField = (value: unknown, format: string, timeZone?: string) =>
  timeOf(JSON.stringify({ t: value }), { field: 't', format, ...(timeZone === undefined ? {} : { timeZone }) });

const utc = (iso: string) => String(Date.parse(iso));

describe('unix times', () => {
  it.each([
    [1394355600, 'unix', '1394355600000'],
    ['1394355600', 'unix_seconds', '1394355600000'],
    [1394355600.987, 'unix_seconds', '1394355600000'],
    [1394355600123, 'unix_milliseconds', '1394355600123'],
    [-1, 'unix_milliseconds', '-1'],
    [-86400, 'unix', '-86400000'],
    [0, 'unix_milliseconds', '0'],
    ['9223372036854775807', 'unix_milliseconds', '9223372036854775807'],
    ['-9223372036854775808', 'unix_milliseconds', '-9223372036854775808'],
  ])('%j as %s', (value, format, expected) => expect(inField(value, format)).toBe(expected));

  it.each([['9223372036854775808'], [1e300], ['soon'], [true], [{}], [null], [''], [[1]]])('%j is refused', (value) =>
    expect(() => inField(value, 'unix_milliseconds')).toThrow(FormatError),
  );
});

describe('ISO 8601 times', () => {
  it.each([
    ['2014-03-09T01:02:03Z', utc('2014-03-09T01:02:03Z')],
    ['2014-03-09T01:02:03.4Z', utc('2014-03-09T01:02:03.400Z')],
    ['2014-03-09T01:02:03,123456789Z', utc('2014-03-09T01:02:03.123Z')],
    ['2014-03-09T14:30:00+05:30', utc('2014-03-09T09:00:00Z')],
    ['2014-03-09T14:30-0800', utc('2014-03-09T22:30:00Z')],
    ['2014-03-09T14-08', utc('2014-03-09T22:00:00Z')],
    ['2014-03-09', utc('2014-03-09T00:00:00Z')],
    ['2014-03', utc('2014-03-01T00:00:00Z')],
    ['2014', utc('2014-01-01T00:00:00Z')],
    ['2014-068T00:00Z', utc('2014-03-09T00:00:00Z')],
    ['2014-W10-7', utc('2014-03-09T00:00:00Z')],
    ['1969-12-31T23:59:59.999Z', '-1'],
    ['0001-01-01T00:00:00Z', utc('0001-01-01T00:00:00Z')],
  ])('%s', (text, expected) => expect(inField(text, 'ISO-8601')).toBe(expected));

  it.each(['2014-02-30', '2014-03-09T25:00Z', '2014-366', '2014-W54-1', '09.03.2014', '2014-03-09T01:02:03Zx', ''])(
    '%s is refused',
    (text) => expect(() => inField(text, 'ISO-8601')).toThrow('not of its format'),
  );

  it('without an offset are of the zone that is named', () => {
    expect(inField('2014-07-01T12:00', 'ISO-8601', 'America/Los_Angeles')).toBe(utc('2014-07-01T19:00Z'));
    expect(inField('2014-07-01T12:00Z', 'ISO-8601', 'America/Los_Angeles')).toBe(utc('2014-07-01T12:00Z'));
  });
});

describe("patterns of Java's SimpleDateFormat", () => {
  it.each([
    ['[dd/MMM/yyyy:HH:mm:ss Z]', '[09/Mar/2014:09:00:00 +0000]', '2014-03-09T09:00:00Z'],
    ['[dd/MMM/yyyy:HH:mm:ss Z]', '[9/march/2014:1:00:00 -0700]', '2014-03-09T08:00:00Z'],
    ['yyyyMMddHHmmssSSS', '20140309010203004', '2014-03-09T01:02:03.004Z'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSX", '2014-03-09T01:02:03.004+01', '2014-03-09T00:02:03.004Z'],
    ["EEE, d MMM yyyy 'at' h:mm a z", 'Sun, 9 Mar 2014 at 12:05 PM GMT', '2014-03-09T12:05:00Z'],
    ['h:mm a, d.M.yy', '12:05 am, 1.2.69', '2069-02-01T00:05:00Z'],
    ["yyyy 'o''clock' k", "2014 o'clock 24", '2014-01-01T00:00:00Z'],
    ['yyyy-MM-dd', '2014-03-09T01:02:03+00:00', '2014-03-09T01:02:03Z'],
    ['yyyyMMdd', '20140309', '2014-03-09T00:00:00Z'],
    ['EEE MMM d HH:mm:ss yyyy', 'Sun Mar  9 01:02:03 2014', '2014-03-09T01:02:03Z'],
    ['yyyy-MM-dd HH:mm', ' 2014-03-09 \t1: 2', '2014-03-09T01:02:00Z'],
    ['EEE MMM dd HH:mm:ss z yyyy', 'Sun Mar 09 01:02:03 PDT 2014', '2014-03-09T08:02:03Z'],
    ['yyyy-MM-dd HH:mm zzz', '2014-01-15 12:00 CET', '2014-01-15T11:00:00Z'],
    ['yyyy-MM-dd HH:mm z', '2014-07-15 12:00 CST', '2014-07-15T18:00:00Z'],
    ['yyyy-MM-dd HH:mm z', '2014-01-15 12:00 HST', '2014-01-15T22:00:00Z'],
    ['d LLL yyyy', '9 Mar 2014', '2014-03-09T00:00:00Z'],
  ])('%s takes %s', (format, text, expected) => expect(inField(text, format)).toBe(utc(expected)));

  it.each([
    ['dd/MM/yyyy', '30/02/2014'],
    ['dd/MM/yyyy', '1/13/2014'],
    ['HH:mm', '24:00'],
    ['hh:mm a', '13:00 PM'],
    ['dd MMM yyyy', '1 Foo 2014'],
    ['dd/MM/yyyy', '1/2/2014 and more'],
  ])('%s does not take %s', (format, text) => expect(() => inField(text, format)).toThrow('not of its format'));

  it.each([
    ['IST', 'UTC'],
    ['CST', 'Asia/Shanghai'],
    ['Pacific Standard Time', 'UTC'],
  ])('does not guess at the zone %s in %s', (name, timeZone) =>
    expect(() => inField(`2014-01-15 12:00 ${name}`, 'yyyy-MM-dd HH:mm z', timeZone)).toThrow('not of its format'),
  );

  it('without a zone are of the zone that is named, in summer and in winter', () => {
    const time = (text: string) => inField(text, 'yyyy-MM-dd HH:mm', 'America/Los_Angeles');
    expect(time('2014-07-01 12:00')).toBe(utc('2014-07-01T19:00Z'));
    expect(time('2014-12-01 12:00')).toBe(utc('2014-12-01T20:00Z'));
    // As java.util.GregorianCalendar: the hour shown twice is the second one, the one left out is read as winter time.
    expect(time('2014-11-02 01:30')).toBe(utc('2014-11-02T09:30Z'));
    expect(time('2014-11-02 00:30')).toBe(utc('2014-11-02T07:30Z'));
    expect(time('2014-03-09 02:30')).toBe(utc('2014-03-09T10:30Z'));
    expect(time('2014-03-09 01:30')).toBe(utc('2014-03-09T09:30Z'));
    expect(time('2014-03-09 03:30')).toBe(utc('2014-03-09T10:30Z'));
  });

  it('with a letter that is not known are refused before any line is read', () => {
    expect(() => lineTimeReader({ field: 't', format: 'yyyy-ww' })).toThrow('"yyyy-ww"');
    expect(() => lineTimeReader({ field: 't', format: '---' })).toThrow('"---"');
  });
});

describe('where the time is', () => {
  const format = 'unix_milliseconds';

  it('is a field, a path of fields, or a name with dots', () => {
    expect(timeOf('{"a":{"b":[7,8]}}', { field: 'a.b.1', format })).toBe('8');
    expect(timeOf('{"a.b":5,"a":{"b":6}}', { field: 'a.b', format })).toBe('5');
    expect(timeOf(' {"t":1,"t":2}\r', { field: 't', format })).toBe('2');
  });

  it('is what a regular expression matches', () => {
    expect(timeOf('x t=12 y', { pattern: 't=(\\d+)', format })).toBe('12');
    expect(timeOf('1 2', { pattern: '(?<a>\\d) (?<time>\\d)', format })).toBe('2');
    expect(
      timeOf('é [09/Mar/2014:09:00:00 +0000] GET', { pattern: '\\[.*?\\]', format: '[dd/MMM/yyyy:HH:mm:ss Z]' }),
    ).toBe(utc('2014-03-09T09:00:00Z'));
  });

  it.each(['{"u":1}', '{"t":null}', 'hello', '[]', '"t"', '3', 'null', '', '{"t":1', '{"__proto__":{}}'])(
    '%s has no time',
    (line) => {
      for (const field of ['t', 'constructor', 'toString.name'])
        expect(() => timeOf(line, { field, format })).toThrow(expect.objectContaining({ fault: 'time' }) as Error);
    },
  );

  it('shows no more than the beginning of a long line in the error', () => {
    try {
      timeOf('x'.repeat(10_000), { field: 't', format });
      expect.unreachable();
    } catch (error) {
      expect((error as FormatError).facts.found!.length).toBeLessThan(120);
    }
  });

  it('must be said in one way, and in a zone that there is', () => {
    expect(() => lineTimeReader({ format })).toThrow('name one of them');
    expect(() => lineTimeReader({ field: 'a', pattern: 'b', format })).toThrow('name one of them');
    expect(() => lineTimeReader({ field: 'a', format, timeZone: 'Mars/Olympus' })).toThrow('not known');
  });
});

it('names an integer beyond 2^53 as it is written', () => {
  const read = lineTimeReader({ field: 'ts', format: 'unix_milliseconds' });
  for (const digits of ['9007199254740993', '-9223372036854775809'])
    expect(() => read(Buffer.from(`{"ts":${digits}}`), { hi: 0, lo: 0 })).toThrow(
      expect.objectContaining({ fault: 'time', facts: expect.objectContaining({ found: digits }) as object }) as Error,
    );
});
