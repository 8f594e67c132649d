import { counters } from '../step/counters.ts';

/** What a replay counts; docs/metrics.md has the same table. */
export const REPLAY_COUNTERS = counters({
  rewind_records_decoded: { unit: 'records', description: 'Records read from the archive, whatever became of them' },
  rewind_records_skipped: { unit: 'records', description: 'Records that could not be read and were skipped' },
  rewind_records_filtered: { unit: 'records', description: 'Records left out by a filter or by the time range' },
  rewind_bytes_decoded: { unit: 'bytes', description: 'Bytes of the archive that were decoded' },
  rewind_bytes_sorted: { unit: 'bytes', description: 'Bytes of sorted files written to staging' },
  rewind_records_published: { unit: 'records', description: 'Records in committed transactions' },
  rewind_bytes_published: { unit: 'bytes', description: 'Bytes of those records, before compression' },
  rewind_transactions: { unit: 'transactions', description: 'Transactions that were committed' },
  rewind_records_aborted: { unit: 'records', description: 'Records of aborted transactions found at the last check' },
});
