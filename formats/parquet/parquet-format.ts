import { startsWith, type RecordFormat } from '../record-format.ts';

const PARQUET = { format: 'parquet' } as const;

/** Parquet files: `PAR1`, and `PARE` where the footer is encrypted. */
export const parquetFormat: RecordFormat<typeof PARQUET> = {
  byBytes: (head) =>
    startsWith(head, 0x50, 0x41, 0x52, 0x31) || startsWith(head, 0x50, 0x41, 0x52, 0x45) ? PARQUET : undefined,
  byName: (name) => (name.endsWith('.parquet') ? PARQUET : undefined),
  assumed: PARQUET,
  varies: false,
  cuttable: () => false,
};
