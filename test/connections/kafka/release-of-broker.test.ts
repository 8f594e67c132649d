// Which release of Kafka a broker is at the least, by the requests that it knows.
import { expect, test } from 'vitest';
import { releaseOf } from '../../../connections/kafka/examine/release-of-broker.ts';

test.each([
  [0, 3, undefined],
  [0, 8, '2.0'],
  [0, 11, '2.3'],
  [0, 14, '3.1'],
  [0, 17, '3.9'],
  [4, 17, '4.0'],
  [4, 18, '4.1'],
])('versions %i to %i of Fetch: %s', (lowest, highest, release) => {
  expect(releaseOf({ versionsOf: () => ({ lowest, highest }) })).toBe(release);
});

test('a broker that tells of no version of Fetch is of no release', () => {
  expect(releaseOf({ versionsOf: () => undefined })).toBeUndefined();
});
