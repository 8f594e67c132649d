import { ARCHIVE_COUNTERS } from './archive/counters.ts';
import { ARCHIVE_GAUGES } from './archive/gauges.ts';
import { RANGES_COUNTERS } from './ranges/counters.ts';
import { REPLAY_COUNTERS } from './replay/counters.ts';
import { STEP_COUNTERS } from './step/counters.ts';
import { VERIFY_COUNTERS, VERIFY_GAUGES } from './verify/counters.ts';

/** What Rewind counts, beside what Temporal's SDK does; docs/metrics.md has the same table. */
export const COUNTERS = {
  ...REPLAY_COUNTERS,
  ...ARCHIVE_COUNTERS,
  ...RANGES_COUNTERS,
  ...VERIFY_COUNTERS,
  ...STEP_COUNTERS,
};

/** What it tells as it is now. */
export const GAUGES = { ...ARCHIVE_GAUGES, ...VERIFY_GAUGES };
