// Patterns that were written for Camus, in Java's regular expressions: what JavaScript takes for something else is refused.
import { describe, expect, it } from 'vitest';
import { topicPattern, wholeName } from '../../../activities/log/topic-pattern.ts';

const faultOf = (pattern: string): string | undefined => topicPattern.safeParse(pattern).error?.issues[0]?.message;

describe('a pattern of topics', () => {
  it.each([
    ['\\Qorders.eu\\E', 'orders.eu', 'a backslash in front of each dot'],
    ['\\Aorders\\z', 'orders', 'leave it out'],
    ['orders\\Z', 'orders', 'leave it out'],
    ['\\p{Alpha}+', 'orders', '[A-Za-z]'],
    ['\\P{Digit}+', 'orders', 'in brackets'],
    ['[a-z&&[^x]]+', 'orders', '[a-wyz]'],
    ['[a-c[x-z]]+', 'orders', 'one pair of brackets'],
    ['orders\\h', 'orders\t', 'the characters'],
    ['a\\x{41}', 'aA', 'the characters'],
    ['a{,3}', 'aa', '{2,5}'],
  ])('with %s, which JavaScript takes for something else, is refused', (pattern, meant, remedy) => {
    // It is no error there: it would be taken, and mean another thing.
    expect(() => wholeName(pattern)).not.toThrow();
    expect(wholeName(pattern).test(meant)).toBe(false);
    expect(faultOf(pattern)).toMatch(/^expected a regular expression of JavaScript, found /);
    expect(faultOf(pattern)).toContain(remedy);
  });

  it.each(['orders(', '(?i)orders', 'a++', '(?>a)'])('with %s, which is none, is refused', (pattern) => {
    expect(faultOf(pattern)).toBe('expected a regular expression, such as page_.*');
  });

  it.each([
    ...['page_.*', 'orders\\.eu', 'orders\\-eu', '(?!__).*', '[A-Za-z0-9._-]+', '[^\\]&\\[]*'],
    ...['\\w+\\d{2,5}', 'a{2}', 'a{2,}', '(a|b)\\1', '\\bx\\b', '(?<n>a)\\k<n>', '\\x41\\u0041', '[a&b]', 'a\\{b'],
  ])('%s, which means the same in both, is taken', (pattern) => {
    expect(faultOf(pattern)).toBeUndefined();
  });
});
