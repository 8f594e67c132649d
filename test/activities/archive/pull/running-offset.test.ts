// An offset that moves without a bigint for each record is the same as one that moves with it.
import { expect, it } from 'vitest';
import { RunningOffset } from '../../../../activities/archive/pull/running-offset.ts';

it('is behind the record that it was moved by, also where a number can not hold it', () => {
  const offset = new RunningOffset(2n ** 60n);
  expect(offset.value).toBe(2n ** 60n);
  offset.goBehind({ offset: 2n ** 60n, offsetNumber: Number.NaN });
  expect(offset.value).toBe(2n ** 60n + 1n);
  offset.goBehind({ offset: 41n, offsetNumber: 41 });
  expect(offset.value).toBe(42n);
  offset.goBehind({ offset: 2n ** 52n, offsetNumber: 2 ** 52 });
  expect(offset.value).toBe(2n ** 52n + 1n);
  offset.value = 7n;
  expect(offset.value).toBe(7n);
});
