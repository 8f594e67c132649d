import type { RecordFunctions } from '../functions/record-functions.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { RecordsPerByte } from './records-per-byte.ts';
import type { RecordSink } from './record-sink.ts';
import type { SkippedRecords } from './skipped-records.ts';

/** What the decoder of any format needs beside the file's bytes. */
export interface DecoderInput {
  job: ReplayJob;
  /** Bytes [start, end) of this split, if the file was cut. */
  range: { start: number; end: number } | undefined;
  /** JSON of the output schema, or of what frames name it (`pinnedSchema`); undefined: the file's own. */
  schema: string | undefined;
  /** Functions of the user's own, where the job names some. */
  functions?: RecordFunctions | undefined;
  sink: RecordSink;
  skipped: SkippedRecords;
  /** Only the first records are wanted: nothing is read for a checksum at the end alone. @default false */
  sampling?: boolean;
  /** Records a byte of other files of the archive, for what can only be estimated. */
  recordsPerByte?: RecordsPerByte | undefined;
  path: string;
}
