// A step that is over is shown as it has ended, though nobody looked at that very moment.
import { expect, test } from 'vitest';
import { asAtEndOf, progressLine } from '../../cli/progress-line.ts';
import type { ReplayStatusReport } from '../../cli/replay-status.ts';

const REPORT = {
  waits: [],
  activities: [],
  progress: {
    step: 'verify',
    status: 'running',
    splits: { decoded: 98, total: 98 },
    records: { decoded: 2000, published: '2000', total: '2000' },
    recordsPerSecond: 7,
    secondsLeft: 60,
  },
} as unknown as ReplayStatusReport;

test('with its bar full, and no rate or time left of the step behind it', () => {
  expect(progressLine(REPORT)).toBe('verify');
  expect(progressLine(asAtEndOf('publish', REPORT))).toBe(`publish  [${'#'.repeat(30)}]  2 000 of 2 000 records`);
  expect(progressLine(asAtEndOf('decode', REPORT))).toBe(`decode  [${'#'.repeat(30)}]  98 of 98 splits`);
});

test('and the last of its windows', () => {
  const windows = { at: 24, of: 24 };
  const report = { ...REPORT, progress: { ...REPORT.progress, windows } } as unknown as ReplayStatusReport;
  expect(progressLine(asAtEndOf('publish', report))).toBe(
    `publish  [${'#'.repeat(30)}]  window 24 of 24  2 000 records`,
  );
});

test('without what it waited for; and of an archive its pulls', () => {
  const archive = { step: 'place', status: 'running', pulls: { done: 3, total: 3 }, records: '1000' };
  const report = { waits: ['place waits for HDFS'], activities: [], archive } as unknown as ReplayStatusReport;
  expect(progressLine(report)).toBe('waits: place waits for HDFS');
  expect(progressLine(asAtEndOf('pull', report))).toBe(`pull  [${'#'.repeat(30)}]  1 000 records`);
});
