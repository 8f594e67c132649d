import { counters } from '../step/counters.ts';
import type { FindingKind } from './steps.ts';

/** What a job of `verify` counts; docs/metrics.md has the same table. */
export const VERIFY_COUNTERS = counters({
  rewind_records_compared: {
    unit: 'records',
    description: 'Records of topics and archives that were read to be compared',
  },
  rewind_verify_findings: { unit: 'findings', description: 'Findings of reports of a verify, by kind' },
});

/** What it tells as it is now. */
export const VERIFY_GAUGES = counters({
  rewind_verified: { unit: 'seconds', description: 'Time of the newest report of a verify of a topic, since 1970' },
});

/** Every kind of finding, the worst first. */
export const FINDING_KINDS: readonly FindingKind[] = [
  'missing',
  'trimmed',
  'changed',
  'unreadable',
  'refused',
  'doubled',
  'order',
  'extra',
  'differs',
];
