// A thread that stands still is found by its pulse: looks are counted, so that neither a frozen process nor a task that
// waits for a thread is taken for one.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hungThread } from '../../../../activities/replay/decode/hung-thread.ts';
import { ThreadPulse } from '../../../../activities/replay/decode/thread-pulse.ts';
import { ThreadWatch } from '../../../../activities/replay/decode/thread-watch.ts';
import { replayJob } from '../../../support/replay-job.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LIMIT = 2_000;

it('a task that waits for a thread is not hung, one whose thread stands still for the limit is', () => {
  const watch = new ThreadWatch(LIMIT);
  const pulse = new ThreadPulse();
  vi.advanceTimersByTime(10 * LIMIT);
  expect(watch.found).toBeUndefined();
  pulse.attach(watch.shared);
  pulse.file(3);
  pulse.record(4096, 17);
  pulse.begin('functions.filter');
  vi.advanceTimersByTime(LIMIT - 1);
  expect(watch.signal.aborted).toBe(false);
  vi.advanceTimersByTime(2 * watch.everyMs);
  expect(watch.signal.aborted).toBe(true);
  expect(watch.found).toMatchObject({ inHand: 'functions.filter', file: 3, position: 4096, ordinal: 17 });
});

it('one that turns its event loop, or comes to its next record, is not', () => {
  const watch = new ThreadWatch(LIMIT);
  const pulse = new ThreadPulse();
  pulse.attach(watch.shared);
  for (let step = 0; step < 50; step += 1) {
    vi.advanceTimersByTime(LIMIT / 2);
    if (step % 2 === 0) pulse.turn();
    else pulse.record(step, step);
  }
  expect(watch.found).toBeUndefined();
  watch.end();
  vi.advanceTimersByTime(10 * LIMIT);
  expect(watch.found).toBeUndefined();
});

it("one in Rewind's own code has five times as long", () => {
  const watch = new ThreadWatch(LIMIT);
  const pulse = new ThreadPulse();
  pulse.attach(watch.shared);
  vi.advanceTimersByTime(5 * LIMIT - 1);
  expect(watch.found).toBeUndefined();
  vi.advanceTimersByTime(2 * watch.everyMs);
  expect(watch.found?.inHand).toBe('decoding');
});

it('a module that waits for ever turns the event loop in vain', () => {
  const watch = new ThreadWatch(LIMIT);
  const pulse = new ThreadPulse();
  pulse.attach(watch.shared);
  pulse.begin('the module');
  for (let step = 0; step < 50; step += 1) {
    vi.advanceTimersByTime(LIMIT / 10);
    pulse.turn();
  }
  expect(watch.found?.inHand).toBe('the module');
});

it('the error names the file, the record, what did not end, and what to do', () => {
  const job = replayJob({ functions: { filter: 'forever' } });
  const files = [{ path: '/in/a.avro', length: 1, modifiedAt: 0 }];
  const at = { beats: 9, file: 0, position: 77, ordinal: 5 };
  const error = hungThread({ ...at, inHand: 'functions.filter' }, { job, files, limitMs: LIMIT });
  expect(error.code).toBe('record-timeout');
  expect(error.message).toBe(
    '/in/a.avro at byte 77, record 5: the function filter.forever has not come to an end in 2000 ms. Its thread was ended. Correct the function, and start a new job. A worker allows a record recordTimeoutMs (REWIND_RECORD_TIMEOUT_MS).',
  );
  const pattern = hungThread({ ...at, position: undefined, inHand: 'time.pattern' }, { job, files, limitMs: LIMIT });
  expect(pattern.message).toMatch(/^\/in\/a\.avro at record 5: the expression time\.pattern has not .* \(a\+\)\+/);
});
