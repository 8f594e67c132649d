import { containerFormat } from './avro/container-format.ts';
import { sequenceFormat } from './hadoop/sequence-format.ts';
import { envelopeFormat } from './record-envelope/envelope-format.ts';
import { nifiFormat } from './nifi/nifi-format.ts';
import { parquetFormat } from './parquet/parquet-format.ts';
import type { RecordFormat } from './record-format.ts';
import { textFormat } from './text/text-format.ts';

/**
 * The formats of files that hold records, by the names that a job may give (`archive.format`). They are asked in this
 * order, all by bytes first, then by name.
 */
export const RECORD_FORMATS = {
  avro: containerFormat,
  'sequence-file': sequenceFormat,
  parquet: parquetFormat,
  text: textFormat,
  record: envelopeFormat,
  nifi: nifiFormat,
};

export type RecordFormatName = keyof typeof RECORD_FORMATS;

export const RECORD_FORMAT_NAMES = Object.keys(RECORD_FORMATS) as [RecordFormatName, ...RecordFormatName[]];

/** What a file is. */
export type DetectedFormat = (typeof RECORD_FORMATS)[RecordFormatName]['assumed'];

/** The entry of the table for what was detected. */
export function recordFormat({ format }: { format: RecordFormatName }): RecordFormat<DetectedFormat> {
  return RECORD_FORMATS[format];
}
