import type { PullLine } from './pull-report.ts';
import type { PullCounts } from './pull-task.ts';

/** Topics of a pull that are named. */
const MOST_TOPICS = 10;

/** Adds up the lines of a report. */
export function countsOf(lines: readonly PullLine[], seconds: number): PullCounts {
  const counts: PullCounts = { ranges: 0, cut: 0, records: 0, bytes: 0, files: 0, left: {}, topics: [], seconds };
  const topics = new Map<string, { offsets: bigint; records: number }>();
  for (const line of lines)
    if (line.kind === 'file') {
      counts.files += 1;
      counts.bytes += line.length;
    } else if (line.kind === 'range') {
      counts.ranges += 1;
      counts.cut += line.cut === undefined ? 0 : 1;
      counts.records += line.records;
      for (const [reason, count] of Object.entries(line.left)) counts.left[reason] = (counts.left[reason] ?? 0) + count;
      const read = topics.get(line.topic) ?? { offsets: 0n, records: 0 };
      read.offsets += BigInt(line.next) - BigInt(line.from);
      read.records += line.records;
      topics.set(line.topic, read);
    }
  counts.topics = [...topics]
    .sort(([, a], [, b]) => (a.offsets === b.offsets ? 0 : a.offsets > b.offsets ? -1 : 1))
    .slice(0, MOST_TOPICS)
    .map(([topic, { offsets, records }]) => ({ topic, offsets: String(offsets), records: String(records) }));
  return counts;
}
