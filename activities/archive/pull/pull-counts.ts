import type { PullLine } from './pull-report.ts';
import type { PullCounts } from './pull-task.ts';

/** Adds up the lines of a report. */
export function countsOf(lines: readonly PullLine[], seconds: number): PullCounts {
  const counts: PullCounts = { ranges: 0, cut: 0, records: 0, bytes: 0, files: 0, left: {}, seconds };
  for (const line of lines)
    if (line.kind === 'file') {
      counts.files += 1;
      counts.bytes += line.length;
    } else if (line.kind === 'range') {
      counts.ranges += 1;
      counts.cut += line.cut === undefined ? 0 : 1;
      counts.records += line.records;
      for (const [reason, count] of Object.entries(line.left)) counts.left[reason] = (counts.left[reason] ?? 0) + count;
    }
  return counts;
}
