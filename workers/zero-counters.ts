import type { MetricMeter } from '@temporalio/common';
import { ARCHIVE_COUNTERS } from '../activities/archive/counters.ts';
import { RANGES_COUNTERS } from '../activities/ranges/counters.ts';
import { REPLAY_COUNTERS } from '../activities/replay/counters.ts';
import { STEP_COUNTERS, type Counter } from '../activities/step/counters.ts';
import { FINDING_KINDS, VERIFY_COUNTERS } from '../activities/verify/counters.ts';

const { rewind_records_aborted: aborted, ...replay } = REPLAY_COUNTERS;
const { rewind_records_left: _byReason, ...archived } = ARCHIVE_COUNTERS;
const { rewind_range_records_left: _byReasonToo, ...ranges } = RANGES_COUNTERS;
const PUBLISHED = ['rewind_records_published', 'rewind_bytes_published', 'rewind_transactions'];

/** Which step counts what, but for what is counted by a reason that isn't known before. */
const COUNTED_BY: Readonly<Record<string, readonly Counter[]>> = {
  decodeAndSort: Object.values(replay).filter(({ name }) => !PUBLISHED.includes(name)),
  mergePublish: Object.values(replay).filter(({ name }) => PUBLISHED.includes(name)),
  publishWindows: Object.values(replay),
  stageSplit: Object.values(replay).filter(({ name }) => !PUBLISHED.includes(name)),
  publishStaged: Object.values(replay).filter(({ name }) => PUBLISHED.includes(name)),
  verifyReplay: [aborted],
  pullArchive: Object.values(archived),
  runRange: Object.values(ranges),
  tallyTopic: [VERIFY_COUNTERS.rewind_records_compared],
  tallyArchive: [VERIFY_COUNTERS.rewind_records_compared],
};

/**
 * Begins every counter at 0, so that the first that is counted is a rise that alerts see, and a dashboard of a worker that
 * has done nothing yet shows noughts and not nothing. Steps have the labels that they have when they count.
 */
export function beginAtZero(
  meter: MetricMeter,
  { steps, namespace, taskQueue }: { steps: readonly string[]; namespace: string; taskQueue: string },
): void {
  for (const step of steps) {
    const labelled = meter.withTags({ step, namespace, taskQueue, activityType: step });
    const zero = ({ name, unit, description }: Counter, tags = {}): void =>
      labelled.createCounter(name, unit, description).add(0, tags);
    zero(STEP_COUNTERS.rewind_step_retries);
    zero(STEP_COUNTERS.rewind_step_failures, { type: 'none' });
    for (const counter of COUNTED_BY[step] ?? []) zero(counter);
    if (step === 'reportVerify')
      for (const kind of FINDING_KINDS) zero(VERIFY_COUNTERS.rewind_verify_findings, { kind });
  }
}
