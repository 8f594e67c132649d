// Names of groups with stars: what a regular expression would say of them, in the time of one look at the name.
import { expect, it } from 'vitest';
import { standsFor } from '../../../../activities/replay/groups/stands-for.ts';

it.each([
  ['billing', 'billing', true],
  ['billing', 'billing2', false],
  ['*', '', true],
  ['bill*', 'billing', true],
  ['*ing', 'billing', true],
  ['b*l*g', 'billing', true],
  ['b*g*g', 'billing', false],
  ['ab*ba', 'aba', false],
  ['ab*ba', 'abba', true],
  ['a**b', 'ab', true],
  ['a.c', 'abc', false],
  ['a(b)*', 'a(b)\nc', true],
])('%j and %j: %j', (pattern, name, expected) => {
  expect(standsFor(pattern, name)).toBe(expected);
});

it('a pattern of many stars comes to its end', () => {
  expect(standsFor(`${'*a'.repeat(40)}*b`, 'a'.repeat(20_000))).toBe(false);
});
