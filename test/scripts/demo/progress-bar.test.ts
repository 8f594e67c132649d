// Proves that where nothing is drawn over, in a log, the last line about a step shows it done.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProgressBar } from '../../../scripts/demo/progress-bar.ts';
import type { ArchiveProgress } from '../../../workflows/archive/archive-progress.ts';
import type { ReplayProgress } from '../../../workflows/replay/progress.ts';

const lines: string[] = [];
const { isTTY } = process.stdout;

beforeEach(() => {
  lines.length = 0;
  process.stdout.isTTY = false;
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => {
  process.stdout.isTTY = isTTY;
  vi.restoreAllMocks();
});

const FULL = '#'.repeat(30);

test('a replay that nobody saw between its steps', () => {
  const bar = new ProgressBar();
  const at = (step: string, decoded: number, published: string): void =>
    bar.replay({
      step,
      splits: { decoded, total: 4 },
      records: { decoded: decoded * 10, published, total: '40' },
    } as unknown as ReplayProgress);
  at('decode', 0, '0');
  at('publish', 4, '0');
  at('verify', 4, '40');
  at('done', 4, '40');
  expect(lines.map((line) => line.trim())).toEqual([
    `decode and sort  [${'.'.repeat(30)}] 0 records`,
    `decode and sort  [${FULL}] 40 records`,
    `publish          [${'.'.repeat(30)}] 0 of 40 records`,
    `publish          [${FULL}] 40 of 40 records`,
    'verify',
  ]);
});

test('a replay window by window, whose records are counted at its end', () => {
  const bar = new ProgressBar();
  const at = (step: string, window: number, published: string, total?: string): void =>
    bar.replay({
      step,
      splits: { decoded: 0, total: 4 },
      windows: { at: window, of: 3 },
      records: { decoded: 0, published, total },
    } as unknown as ReplayProgress);
  at('publish', 1, '0');
  at('publish', 2, '20');
  at('verify', 3, '40', '40');
  expect(lines.map((line) => line.trim())).toEqual([
    `publish          [${'.'.repeat(30)}] window 1 of 3`,
    `publish          [${'#'.repeat(10)}${'.'.repeat(20)}] window 2 of 3`,
    `publish          [${FULL}] 40 of 40 records`,
    'verify',
  ]);
});

test('an archive that was over before it was looked at again', () => {
  const bar = new ProgressBar();
  const at = (step: string, done: number): void =>
    bar.archive({ step, status: 'running', pulls: { done, total: 2 }, records: done } as unknown as ArchiveProgress);
  at('pull', 0);
  at('done', 2);
  expect(lines.at(-1)).toContain(`[${FULL}]`);
});
