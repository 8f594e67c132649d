// What the header Date, which tells whole seconds, says of a server's clock: never more than is certain.
import { expect, test } from 'vitest';
import { clockFinding } from '../../connections/clock-difference.ts';

const NOW = Date.UTC(2026, 10, 22, 13, 0, 10, 400);
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toUTCString();

test.each([
  ['the same second', 0, 'fine'],
  ['the second before, in which the answer may have been written', -1, 'fine'],
  ['a second ahead', 1, 'fine'],
  ['ten seconds behind', -10, 'warning'],
  ['an hour ahead', 3600, 'warning'],
])('%s', (_, seconds, verdict) => {
  expect(clockFinding(at(seconds), NOW, NOW + 20)).toMatchObject({ about: 'clock', verdict });
});

test('says how far it is off, and on which side', () => {
  expect(clockFinding(at(-10), NOW, NOW).says).toBe('its clock is 9 s behind ours');
  expect(clockFinding(at(3600), NOW, NOW).says).toBe('its clock is 3600 s ahead of ours');
});

test('an answer that was under way for longer than it may be off tells nothing against the clock', () => {
  expect(clockFinding(at(8), NOW, NOW + 10_000).verdict).toBe('fine');
});

test('a server that tells no time is no fault', () => {
  expect(clockFinding(undefined, NOW, NOW).verdict).toBe('untold');
  expect(clockFinding('yesterday', NOW, NOW).verdict).toBe('untold');
});

test('a header that is there twice, as a NameNode writes it, is one', () => {
  expect(clockFinding([at(0), at(0)], NOW, NOW).verdict).toBe('fine');
});
