import { counters } from '../step/counters.ts';

/** What an archive tells of each topic as it is now; docs/metrics.md has the same table. */
export const ARCHIVE_GAUGES = counters({
  rewind_archive_lag: { unit: 'records', description: 'Offsets of a topic behind the archive' },
  rewind_archive_newest: { unit: 'seconds', description: 'Time of the newest record archived, since 1970' },
  rewind_archive_complete: { unit: 'seconds', description: 'Time up to which a topic is archived, since 1970' },
});
