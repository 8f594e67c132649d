// However much there is to remark, a step hands on little of it, and says how much more there is and where.
import { expect, it } from 'vitest';
import { boundedRemarks, withBoundedRemarks } from '../../../activities/step/bounded-remarks.ts';
import { toFailure } from '../../../activities/step/failures.ts';
import { JobError } from '../../../activities/step/job-error.ts';

const many = Array.from({ length: 1_000 }, (_, n) => `partition ${n} has ${'x'.repeat(60)}`);

it('few remarks are left as they are', () => {
  expect(boundedRemarks(many.slice(0, 20), '/all')).toEqual(many.slice(0, 20));
  expect(boundedRemarks([])).toEqual([]);
});

it('of many the first come, then how many more there are, and where', () => {
  const bounded = boundedRemarks(many, '/all');
  expect(bounded.slice(0, 20)).toEqual(many.slice(0, 20));
  expect(bounded.at(-1)).toBe('and 980 more remarks: all of them are in /all');
});

it('long ones are cut, and bound the number of the others', () => {
  const bounded = boundedRemarks(many.map((line) => line.repeat(100)));
  expect(Buffer.byteLength(JSON.stringify(bounded))).toBeLessThan(10_000);
  expect(bounded.at(-1)).toMatch(/^and 99\d more remarks$/);
  expect(bounded[0]).toMatch(/^partition 0 has x{60}partition.* \.\.\. \(\d{4} more characters\)$/);
});

it('a result is bounded whatever the step did, once', () => {
  const once = withBoundedRemarks({ remarks: many, files: 3 });
  expect(once).toEqual({ remarks: boundedRemarks(many), files: 3 });
  expect(withBoundedRemarks(once)).toBe(once);
  expect(withBoundedRemarks(undefined)).toBeUndefined();
});

it('a failure is bounded too', () => {
  const failure = toFailure(new JobError('duplicates', many.join('; '), { remarks: many, path: '/a' }));
  expect(Buffer.byteLength(failure.message)).toBeLessThan(9_000);
  expect(failure).toMatchObject({ details: [{ path: '/a', leftOut: 1 }] });
});
