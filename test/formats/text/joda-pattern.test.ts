/** Proves that times are printed as Joda-Time 2 prints them, in the parts of a pattern that folders are named after. */
import { expect, it } from 'vitest';
import { jodaPrinter } from '../../../formats/text/joda-pattern.ts';

const TIME = Date.parse('2014-01-05T23:07:09.045Z');

it.each([
  ["'hourly'/YYYY/MM/dd/HH", 'UTC', 'hourly/2014/01/05/23'],
  ['yyyy-M-d', 'UTC', '2014-1-5'],
  ['yy YYY yyyyy', 'UTC', '14 2014 02014'],
  ["xxxx-'W'ww-e", 'UTC', '2014-W01-7'],
  ['DDD D', 'UTC', '005 5'],
  ['E EEEE MMM MMMM', 'UTC', 'Sun Sunday Jan January'],
  ['hh:mm a, k, K', 'UTC', '11:07 PM, 23, 11'],
  ['ss.SSS S SSSSS', 'UTC', '09.045 0 04500'],
  ['HH Z ZZ', 'America/Los_Angeles', '15 -0800 -08:00'],
  ['HH:mm ZZ', 'Asia/Kathmandu', '04:52 +05:45'],
  ["''yyyy'' 'it''s'", 'UTC', "'2014' it's"],
  ['äöü/yyyy', 'UTC', 'äöü/2014'],
])('%s in %s', (pattern, zone, expected) => {
  expect(jodaPrinter(pattern, zone)(TIME)).toBe(expected);
});

it.each([
  ['2005-01-01', '2004-W53-6'],
  ['2008-12-29', '2009-W01-1'],
  ['2010-01-03', '2009-W53-7'],
  ['2012-12-31', '2013-W01-1'],
])('the week of %s', (day, expected) => {
  expect(jodaPrinter("xxxx-'W'ww-e", 'UTC')(Date.parse(day))).toBe(expected);
});

it('prints midnight and noon', () => {
  const print = jodaPrinter('H k K h a', 'UTC');
  expect(print(0)).toBe('0 24 0 12 AM');
  expect(print(12 * 3_600_000)).toBe('12 12 0 12 PM');
});
