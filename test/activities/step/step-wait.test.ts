// What a step waits for is kept over its attempts, with the time of the first failure, and the workflow is told of it
// seldom enough that its history stays short however long the step waits.
import type { Info } from '@temporalio/activity';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { awaitedBy } from '../../../activities/step/awaited-by.ts';
import { JobError } from '../../../activities/step/job-error.ts';
import { StepWait } from '../../../activities/step/step-wait.ts';
import { shortError, WAITING_SIGNAL, waitingIn, type StepWaits } from '../../../activities/step/waiting.ts';
import { ConnectionError } from '../../../connections/connection-error.ts';
import { waitingSignal } from '../../../workflows/run/run-waits.ts';

const told = vi.hoisted(() => [] as unknown[][]);
vi.mock('@temporalio/activity', () => ({
  getClient: () => ({
    workflow: { getHandle: () => ({ signal: async (...args: unknown[]) => void told.push(args) }) },
  }),
  log: { warn: () => undefined },
}));
beforeEach(() => void told.splice(0));

const AWAY = new ConnectionError('unavailable', 'GET /x at http://nn:9870 failed: safe mode', {
  server: 'http://nn:9870',
});

function attempt(number: number, heartbeatDetails?: unknown): StepWait {
  const workflowExecution = { workflowId: 'w', runId: 'r' };
  const info = { attempt: number, heartbeatDetails, activityType: 'listFiles', activityId: '7', workflowExecution };
  return new StepWait(info as unknown as Info);
}

const tellings = (): StepWaits[] =>
  told.map(([name, waits]) => {
    expect(name).toBe(WAITING_SIGNAL);
    return waits as StepWaits;
  });

describe('what a step waits for', () => {
  test('stands in its heartbeat beside its progress, with the server, since when, and the error', () => {
    const wait = attempt(1);
    expect(wait.in({ listed: 5 })).toEqual({ listed: 5 });
    wait.failed(AWAY);
    expect(wait.in({ listed: 5 })).toEqual({
      listed: 5,
      waitingFor: { for: 'http://nn:9870', since: expect.stringMatching(/^\d{4}-.*Z$/) as string, error: AWAY.message },
    });
  });

  test('is since the first failure, in whichever attempt that was, and the last error is told', () => {
    const before = { listed: 5, waitingFor: { for: 'a', since: '2026-01-01T00:00:00.000Z', error: 'e1' } };
    const next = attempt(9, before);
    expect(next.detailsBefore).toEqual({ listed: 5 });
    next.failed(AWAY);
    expect(next.in({}).waitingFor).toEqual({
      for: 'http://nn:9870',
      since: '2026-01-01T00:00:00.000Z',
      error: AWAY.message,
    });
  });

  test('is over when the step moves; where it moves a little and fails again, it has waited since then all the same', () => {
    const before = { waitingFor: { for: 'a', since: '2026-01-01T00:00:00.000Z', error: 'e1' } };
    const moving = attempt(3, before);
    moving.moved(1_000);
    const details = moving.in({});
    expect(waitingIn(details)).toBeUndefined();
    const again = attempt(4, details);
    again.failed(AWAY);
    expect(waitingIn(again.in({}))?.since).toBe('2026-01-01T00:00:00.000Z');
    const long = attempt(3, before);
    long.moved(1_000);
    long.moved(31_000);
    expect(long.in({})).toEqual({});
    expect(tellings().at(-1)).toEqual({ step: 'listFiles', id: '7', waiting: undefined });
  });

  test('is told to the workflow at attempts 1, 2, 4, 8, ... and not at those between', () => {
    for (let number = 1; number <= 100; number += 1) attempt(number).failed(AWAY);
    expect(told).toHaveLength(7);
    expect(tellings()[0]).toMatchObject({ step: 'listFiles', id: '7', waiting: { for: 'http://nn:9870' } });
  });

  test('is told once by an attempt that waits by itself', () => {
    const wait = attempt(1);
    for (let tries = 0; tries < 50; tries += 1) wait.began('the Kafka connection "default"', `try ${tries}`);
    expect(told).toHaveLength(1);
    expect(waitingIn(wait.in({}))).toMatchObject({ error: 'try 49' });
  });
});

test('the signal of the step is the one that the workflow hears', () => {
  expect(waitingSignal.name).toBe(WAITING_SIGNAL);
});

test.each<[unknown, string]>([
  [AWAY, 'http://nn:9870'],
  [new ConnectionError('unavailable', 'connect to Kafka broker k:9092: refused; try again'), 'Kafka broker k:9092'],
  [new ConnectionError('unavailable', 'read of topic x: no leader'), 'a server'],
  [new JobError('connection-unknown', 'This worker has no kafka connection'), 'another worker'],
  [new TypeError('x is undefined'), 'a worker with a repaired version'],
])('%s: waits for %s', (error, awaited) => {
  expect(awaitedBy(error)).toBe(awaited);
});

test.each([undefined, null, 'text', 5, {}, { waitingFor: 'since noon' }, { waitingFor: { for: 'x' } }])(
  'a heartbeat of another release, %j, tells nothing and harms nothing',
  (details) => {
    expect(waitingIn(details)).toBeUndefined();
    expect(attempt(2, details).in({ n: 1 })).toEqual({ n: 1 });
  },
);

test('an error is one short line', () => {
  expect(shortError('a\n  b')).toBe('a b');
  expect(shortError('x'.repeat(5_000))).toHaveLength(400);
});
