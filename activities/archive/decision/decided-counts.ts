import type { TopicCounts } from '../../../layouts/archive-writing.ts';
import { RecordCounter } from '../../../layouts/record-counter.ts';
import { JobError } from '../../step/job-error.ts';
import type { PulledCounts } from '../pull/pull-report.ts';
import type { AcceptedPartition } from './accept-ranges.ts';
import { rangeName } from './accept-ranges.ts';

/**
 * The counts of the ranges that are accepted, one object a topic.
 *
 * @throws JobError 'archive-file-damaged' where they don't add up to the records of those ranges
 */
export function decidedCounts(
  accepted: readonly AcceptedPartition[],
  pulled: readonly PulledCounts[],
): { topic: string; counts: TopicCounts }[] {
  const records = new Map<string, number>();
  const ranges = new Set<string>();
  for (const { ranges: taken } of accepted)
    for (const { topic, partition, from, records: count } of taken) {
      ranges.add(rangeName(topic, partition, from));
      records.set(topic, (records.get(topic) ?? 0) + count);
    }
  const byTopic = new Map<string, { counter: RecordCounter; startTime: number; endTime: number }>();
  for (const { topic, partition, from, counts } of pulled) {
    if (!ranges.has(rangeName(topic, partition, from))) continue;
    const { granularity, startTime, endTime } = counts;
    const known = byTopic.get(topic) ?? { counter: new RecordCounter(topic, granularity), startTime, endTime };
    known.counter.merge(counts);
    known.startTime = Math.min(known.startTime, startTime);
    known.endTime = Math.max(known.endTime, endTime);
    byTopic.set(topic, known);
  }
  return [...byTopic].map(([topic, { counter, startTime, endTime }]) => {
    const counts = counter.counts(startTime, endTime);
    assertSum(counts, records.get(topic) ?? 0);
    return { topic, counts };
  });
}

function assertSum({ topic, counts }: TopicCounts, expected: number): void {
  const found = counts.reduce((sum, { count }) => sum + count, 0);
  if (found === expected) return;
  throw new JobError(
    'archive-file-damaged',
    `${topic}: its ranges hold ${expected} records, its counts ${found}. Nothing was decided: start the archive again, and report this.`,
    { topic, expected, found },
  );
}
