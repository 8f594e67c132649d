// What is told of a drained replay topic is what the one who reads it does next.
import { expect, test } from 'vitest';
import type { DrainReport } from '../../activities/drain/drain-report.ts';
import { drainLines } from '../../cli/drain-lines.ts';

const REPORT: DrainReport = {
  replayTopic: 'events_REPLAY',
  group: 'drainers',
  at: '2026-11-29T00:00:00.000Z',
  unfinished: false,
  drained: true,
  members: 1,
  left: '0',
  partitions: [{ partition: 0, committed: '12', drainedAt: '10', end: '12', left: '0', drained: true }],
  morePartitions: 0,
  retentionMinutes: 10_080,
  live: {
    topic: 'events',
    offsets: [{ partition: 0, offset: '77', committed: undefined }],
    switched: false,
    problems: [],
    commit: undefined,
  },
  waiting: undefined,
  warnings: [],
};
const text = (changes: Partial<DrainReport>): string => drainLines({ ...REPORT, ...changes }).join('\n');

test('a group that is not done is told what is left, and not how to go on', () => {
  const partition = { partition: 0, committed: '4', drainedAt: '1010', end: '1012', left: '1006', drained: false };
  const lines = text({ drained: false, left: '1006', partitions: [partition] });
  expect(lines).toContain('drainers has 1 006 offsets of events_REPLAY before it (1 consumer)');
  expect(lines).not.toContain('switch');
});

test('a group that is done is moved by a command of Kafka for each partition', () => {
  expect(text({})).toContain('drainers has drained events_REPLAY');
  expect(text({})).toContain('--reset-offsets --execute --group drainers --topic events:0 --to-offset 77');
});

test('where another group waits on the live topic, that one is started', () => {
  const waiting = { group: 'main', members: 0, there: true, expiresAt: '2026-12-06T00:00:00.000Z' };
  const lines = text({ waiting });
  expect(lines).toContain('start those of main on events');
  expect(lines).toContain('until 2026-12-06');
  expect(lines).not.toContain('--reset-offsets');
});

test('a group that was moved itself goes on, whoever else waits there', () => {
  const waiting = { group: 'main', members: 0, there: true, expiresAt: undefined };
  const lines = text({ waiting, live: { ...REPORT.live!, switched: true } });
  expect(lines).toContain("drainers stands at the replay's offsets of events");
  expect(lines).not.toContain('start those of main');
});

test('what keeps the group from the live topic is told in place of commands', () => {
  const lines = text({ live: { ...REPORT.live!, problems: ['events-0: a gap'] } });
  expect(lines).toContain("drainers can't go on in events:\n  events-0: a gap");
  expect(lines).not.toContain('--reset-offsets');
});

test('a replay that has not ended well may have more to drain', () => {
  expect(text({ unfinished: true })).toContain('the replay has not ended well yet');
  expect(text({ unfinished: true })).not.toContain('switch');
});
