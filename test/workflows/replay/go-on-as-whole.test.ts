// A job goes on as a whole for what its order doesn't mind, and for nothing else.
import { ActivityFailure, ApplicationFailure, CancelledFailure, RetryState } from '@temporalio/common';
import { expect, it } from 'vitest';
import { whyNoWindows } from '../../../workflows/replay/go-on-as-whole.ts';

const OUTSIDE = { file: '/camus/f.avro', ordinal: 7, fromByte: 100, window: 2 };

function failed(cause: Error): ActivityFailure {
  return new ActivityFailure('publishWindows', 'publishWindows', '1', RetryState.NON_RETRYABLE_FAILURE, 'me', cause);
}

function job(code: string, facts: object): ApplicationFailure {
  return ApplicationFailure.nonRetryable('as it says', `rewind.job.${code}`, facts);
}

it.each([
  [
    'a window that is too large',
    job('window-too-large', { window: 4, room: 1_000 }),
    'window 5 takes more than the 1000',
  ],
  [
    'a record that is too late',
    job('outside-window', { ...OUTSIDE, late: true }),
    '/camus/f.avro, record 7 of those from byte 100 on, has a time behind its window 3',
  ],
  [
    'a record that is too early for its window, and behind all that is out',
    job('outside-window', { ...OUTSIDE, late: false, behind: true }),
    '/camus/f.avro, record 7 of those from byte 100 on, has a time before its window 3',
  ],
])('%s', (_, cause, why) => {
  expect(whyNoWindows(failed(cause))).toContain(why);
});

it.each([
  ['a record that is too early', failed(job('outside-window', { ...OUTSIDE, late: false }))],
  ['a file that is damaged', failed(job('skip-limit', { window: 1, late: true }))],
  ['a step that was cancelled', failed(new CancelledFailure('cancelled'))],
  ['what is no step', job('window-too-large', { window: 4, room: 1_000 })],
])('not for %s', (_, error) => {
  expect(whyNoWindows(error)).toBeUndefined();
});
