import type { MetricMeter } from '@temporalio/common';

/** What Rewind counts, beside what Temporal's SDK does; docs/metrics.md has the same table. */
export const METRICS = {
  rewind_records_decoded: { unit: 'records', description: 'Records read from the archive, whatever became of them' },
  rewind_records_skipped: { unit: 'records', description: 'Records that could not be read and were skipped' },
  rewind_records_filtered: { unit: 'records', description: 'Records left out by a filter or by the time range' },
  rewind_bytes_decoded: { unit: 'bytes', description: 'Bytes of the archive that were decoded' },
  rewind_bytes_sorted: { unit: 'bytes', description: 'Bytes of sorted files written to staging' },
  rewind_records_published: { unit: 'records', description: 'Records in committed transactions' },
  rewind_bytes_published: { unit: 'bytes', description: 'Bytes of those records, before compression' },
  rewind_transactions: { unit: 'transactions', description: 'Transactions that were committed' },
  rewind_records_aborted: { unit: 'records', description: 'Records of aborted transactions found at the last check' },
  rewind_step_retries: { unit: 'attempts', description: 'Attempts of steps beyond the first' },
  rewind_step_failures: { unit: 'attempts', description: 'Attempts of steps that failed, by type of the error' },
} as const;

/** Seconds that an attempt of a step took. */
export const STEP_SECONDS = 'rewind_step_seconds';

export type MetricName = keyof typeof METRICS;

/** Counts for one attempt of a step. */
export interface StepMetrics {
  count(name: MetricName, value: number, tags?: Record<string, string>): void;
  seconds(value: number, outcome: 'done' | 'failed' | 'ended'): void;
}

/** Over the meter of an activity; every count carries the step and the topic. */
export function stepMetrics(meter: MetricMeter, step: string, topic: string | undefined): StepMetrics {
  const tagged = meter.withTags({ step, ...(topic !== undefined && { topic }) });
  return {
    count(name, value, tags = {}) {
      const { unit, description } = METRICS[name];
      tagged.createCounter(name, unit, description).add(value, tags);
    },
    seconds(value, outcome) {
      const histogram = tagged.createHistogram(STEP_SECONDS, 'float', 's', 'Seconds that an attempt of a step took');
      histogram.record(value, { outcome });
    },
  };
}
