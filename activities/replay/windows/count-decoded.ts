import { REPLAY_COUNTERS } from '../counters.ts';
import type { StepMetrics } from '../../step/metrics.ts';
import type { DecodedWindowRecords } from './decoded-window.ts';

/** Counts a window's records once: when its totals have come into staging. */
export function countDecoded(metrics: StepMetrics, { window, splits }: DecodedWindowRecords): void {
  for (const { read, skipped, filtered, outOfRange } of splits) {
    metrics.count(REPLAY_COUNTERS.rewind_records_decoded, read);
    metrics.count(REPLAY_COUNTERS.rewind_records_skipped, skipped);
    metrics.count(REPLAY_COUNTERS.rewind_records_filtered, filtered + outOfRange);
  }
  metrics.count(REPLAY_COUNTERS.rewind_bytes_decoded, window.bytes);
}
