import { counters } from '../step/counters.ts';

/** What a job of ranges counts; docs/metrics.md has the same table. */
export const RANGES_COUNTERS = counters({
  rewind_ranges_done: { unit: 'ranges', description: 'Ranges that functions of the user have finished' },
  rewind_range_records: { unit: 'records', description: 'Records that those functions got in them' },
  rewind_range_bytes: { unit: 'bytes', description: 'Bytes of the values of those records' },
  rewind_range_records_left: { unit: 'records', description: 'Records that those functions did not get, by reason' },
  rewind_function_failures: { unit: 'attempts', description: 'Attempts that a function of the user has failed' },
});
