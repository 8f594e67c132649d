// Every error becomes a Temporal failure with a stable type, final exactly where trying again can't help, with facts
// that a payload can hold.
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { toFailure } from '../../../activities/step/failures.ts';
import { JOB_ERROR_CODES, JobError } from '../../../activities/step/job-error.ts';
import { ConnectionError, type ConnectionFault } from '../../../connections/connection-error.ts';
import { FormatError } from '../../../formats/format-error.ts';

describe('a failure', () => {
  it.each(JOB_ERROR_CODES)('of the job is final: %s', (code) => {
    expect(toFailure(new JobError(code, 'what to do'))).toMatchObject({
      type: `rewind.job.${code}`,
      nonRetryable: true,
      message: 'what to do',
    });
  });

  it.each(['connection-unknown', 'function-unknown'] as const)(
    'for what this worker alone lacks is tried again once the job has begun: %s',
    (code) => {
      expect(toFailure(new JobError(code, 'm'), { begun: true })).toMatchObject({ nonRetryable: false });
      expect(toFailure(new JobError(code, 'm'), { begun: false })).toMatchObject({ nonRetryable: true });
    },
  );

  it('of a begun job is final otherwise', () => {
    expect(toFailure(new JobError('skip-limit', 'm'), { begun: true })).toMatchObject({ nonRetryable: true });
  });

  it.each<[ConnectionFault, boolean]>([
    ['unavailable', true],
    ['truncated', true],
    ['fenced', true],
    ['denied', false],
    ['not-found', false],
    ['exists', false],
    ['changed', false],
    ['refused', false],
    ['configuration', false],
  ])('of a connection, %s, is tried again: %s', (fault, again) => {
    expect(toFailure(new ConnectionError(fault, 'm'))).toMatchObject({
      type: `rewind.connection.${fault}`,
      nonRetryable: !again,
    });
  });

  it('of a format is final and keeps its facts, but not its cause', () => {
    const error = new FormatError('corrupt', 'm', { position: 5, expected: 'a', found: 'b', cause: new Error('x') });
    expect(toFailure(error)).toMatchObject({
      type: 'rewind.format.corrupt',
      nonRetryable: true,
      details: [{ position: 5, expected: 'a', found: 'b' }],
    });
  });

  it('of ours is tried again, whatever was thrown', () => {
    for (const thrown of [new TypeError('m'), 'm'])
      expect(toFailure(thrown)).toMatchObject({ type: 'rewind.internal', nonRetryable: false, message: 'm' });
  });

  it('holds 64-bit numbers as text', () => {
    const failure = toFailure(new JobError('duplicates', 'm', { offset: 2n ** 60n, none: undefined }));
    expect((failure as ApplicationFailure).details).toEqual([{ offset: '1152921504606846976' }]);
  });

  it('that is one already, or a cancellation, stays as it is', () => {
    const [failure, cancelled] = [ApplicationFailure.create({ message: 'm' }), new CancelledFailure('c')];
    expect(toFailure(failure)).toBe(failure);
    expect(toFailure(cancelled)).toBe(cancelled);
  });
});
