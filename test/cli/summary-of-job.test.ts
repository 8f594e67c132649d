// What the Web UI shows of a workflow before anybody has opened it; whatever the job is, this says something and never fails.
import { expect, test } from 'vitest';
import { summaryOf } from '../../cli/summary-of-job.ts';

test.each<[Parameters<typeof summaryOf>[0], Record<string, unknown>, string]>([
  ['replay', { topic: 'events' }, 'replay of events into events_REPLAY'],
  ['replay', { topic: 'events', replayTopic: { name: 'again' } }, 'replay of events into again'],
  ['archive', { dest: '/d', topics: { include: ['a', 'b', 'c', 'd'] } }, 'archive of a, b, c and 1 more into /d'],
  ['archive', { dest: '/d' }, 'archive of all topics into /d'],
  ['ranges', { inputs: [{ topic: 'orders' }, { topics: {} }] }, 'functions over orders'],
  ['plan', { topic: 'events', replayTopic: 'x' }, 'what a job would do: events into x'],
])('%s %j: %s', (kind, job, summary) => {
  expect(summaryOf(kind, job)).toBe(summary);
});

test.each([{}, { topic: 7 }, { dest: null, inputs: 'x' }, { inputs: [null, 3] }, { dest: '/d', topics: 4 }])(
  'input that is no job, %j, is for the workflow to judge',
  (job) => {
    expect(() => summaryOf('replay', job)).not.toThrow();
  },
);
