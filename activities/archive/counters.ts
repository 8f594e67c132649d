import { counters } from '../step/counters.ts';

/** What an archive counts; docs/metrics.md has the same table. */
export const ARCHIVE_COUNTERS = counters({
  rewind_records_archived: { unit: 'records', description: 'Records in data files of finished pulls' },
  rewind_bytes_archived: { unit: 'bytes', description: 'Bytes of those files' },
  rewind_files_archived: { unit: 'files', description: 'Data files of finished pulls' },
  rewind_records_left: { unit: 'records', description: 'Records that are in no file, by reason' },
});
