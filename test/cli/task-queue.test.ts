// What is said of the workers of a task queue is what Temporal knows: who asked for work last, and when. That one lives
// nobody can tell from it; that none has asked for longer than a living one would is no worker.
import type { Client } from '@temporalio/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withoutWorkers, workersLine, workersOf } from '../../cli/task-queue.ts';

const NOW = Date.parse('2026-11-29T10:50:00Z');
beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

/** Temporal's client with workers that asked so many seconds ago. */
const asked = (...ago: number[]): Client =>
  ({
    options: { namespace: 'default' },
    workflowService: {
      describeTaskQueue: async () => ({
        pollers: ago.map((each, n) => ({ identity: `${n}@host`, lastAccessTime: { seconds: NOW / 1000 - each } })),
      }),
    },
  }) as unknown as Client;

test('a worker that has asked within a little more than a minute counts, an older one does not', async () => {
  expect((await workersOf(asked(3, 70), 'q')).alive).toBe(2);
  expect((await workersOf(asked(70, 110), 'q')).alive).toBe(1);
  expect(workersLine('q', await workersOf(asked(110, 80), 'q'))).toBe(
    '0 workers on the task queue q; the last to ask for work was 1@host at 2026-11-29T10:48:40.000Z, 80 s ago',
  );
  expect(workersLine('q', await workersOf(asked(), 'q'))).toBe('0 workers on the task queue q');
});

test('nobody who serves it is told with who did last', async () => {
  expect(await withoutWorkers(asked(110), 'q')).toBe(
    'No worker serves the task queue q (the last to ask it for work was 0@host at 2026-11-29T10:48:10.000Z, 110 s ago): the job waits until one does (rewind worker).',
  );
  expect(await withoutWorkers(asked(), 'q')).toContain('No worker serves the task queue q: the job waits');
});

test('one that was heard of a minute ago, and does not answer, is not taken for one that lives', async () => {
  expect(await withoutWorkers(asked(60), 'q', true)).toBe(
    'No worker answers. The last to ask the task queue q for work was 0@host at 2026-11-29T10:49:00.000Z, 60 s ago; one that lives asks once a minute. Start another if it has ended (rewind worker).',
  );
  expect(await withoutWorkers(asked(60), 'q')).toBeUndefined();
});
