import { RecordCounter } from '../../../layouts/record-counter.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import type { PulledCounts } from './pull-report.ts';
import type { ValueReader } from './values/value-reader.ts';

/** Counts one range's records that are in files. */
export interface RangeCounts {
  /** Counts the value that was appended last. @param time - that of its bucket */
  add(time: number): void;
  line(): PulledCounts;
}

/** Camus's names for the producers of topics whose producers are not told apart. */
const ANONYMOUS = { server: 'server', service: 'service' };

/** Counts as the job says; undefined where it says nothing of an audit, and of the topic of its events. */
export function countRecords(
  { audit }: Pick<ArchiveJob, 'audit'>,
  { topic, partition, from }: { topic: string; partition: number; from: bigint },
  values: Pick<ValueReader, 'producer'>,
): RangeCounts | undefined {
  // Its own events would make something new to tell for every run.
  if (audit === undefined || audit.post?.topic === topic) return undefined;
  const counter = new RecordCounter(topic, audit.granularityMinutes * 60_000);
  const anonymous = audit.anonymous === 'all' || audit.anonymous.includes(topic);
  const began = Date.now();
  return {
    add: (time) => {
      const { server, service } = anonymous ? ANONYMOUS : values.producer();
      counter.add(time, server, service);
    },
    line: () => ({ kind: 'counts', topic, partition, from: String(from), counts: counter.counts(began, Date.now()) }),
  };
}
