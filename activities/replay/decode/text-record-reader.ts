import { FormatError } from '../../../formats/format-error.ts';
import type { Int64 } from '../../../formats/int64.ts';
import { lineTimeReader } from '../../../formats/text/time.ts';
import { JobError } from '../../step/job-error.ts';
import type { RecordFunctions } from '../functions/record-functions.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { RecordSink } from './record-sink.ts';
import { pulse } from './thread-pulse.ts';

/** Where Camus's JsonStringMessageDecoder looks for the time of a line, and how it expects it. */
const DEFAULT_FIELD = 'timestamp';
const DEFAULT_FORMAT = '[dd/MMM/yyyy:HH:mm:ss Z]';

/** The time of a text, valid until the next call; undefined where it has none and the order takes it without. */
export type TextTime = (text: Uint8Array) => Int64 | undefined;

/** The time as the job says that it stands in the text; where it must be known and nothing is said, as Camus has it. */
export function textTime({ time, order }: ReplayJob, functions?: RecordFunctions): TextTime {
  const { field, pattern, format = DEFAULT_FORMAT, timeZone = 'UTC' } = time;
  const raw: Int64 = { hi: 0, lo: 0 };
  if (functions?.hasTime === true) return () => functions.time(raw);
  const needed = order === 'time';
  if (!needed && field === undefined && pattern === undefined) return () => undefined;
  const where = pattern === undefined ? { field: field ?? DEFAULT_FIELD } : { pattern };
  const read = lineTimeReader({ ...where, format, timeZone });
  return (text) => {
    if (pattern !== undefined) pulse.begin('time.pattern');
    try {
      read(text, raw);
    } catch (error) {
      if (!(error instanceof FormatError) || error.fault !== 'time') throw error;
      if (!needed) return undefined;
      throw field === undefined && pattern === undefined ? withRemedy(error) : error;
    } finally {
      pulse.end();
    }
    return raw;
  };
}

/** Nothing was said about the time of texts: the default is what a Camus without settings has, and no other file. */
function withRemedy({ fault, message, facts }: FormatError): FormatError {
  const remedy = 'say in time.field or time.pattern, and time.format, where it is, or set order to "file"';
  return new FormatError(fault, `${message} (${remedy})`, facts);
}

/** Gives a text to the sink, to be published as it is, or as the job's functions make it. */
export function takeText(text: Uint8Array, timeOf: TextTime, sink: RecordSink, functions?: RecordFunctions): void {
  functions?.record.show(text, sink.file);
  if (!sink.begin(timeOf(text))) return;
  if (functions?.keeps() === false) return sink.leaveOut();
  sink.key(undefined).append(functions?.hasOutput === true ? functions.output() : text);
  sink.end();
}

/** A text has no fields: a job that wants keys would get none, in silence. */
export function refuseAvroSettings(job: ReplayJob, path: string): void {
  if (job.output.frame !== undefined)
    throw new JobError(
      'file-unusable',
      `${path}: it holds lines of text, which have no schema, and output.frame would say that they have. Leave output.frame out, or narrow archive.input.`,
      { path },
    );
  if (job.output.key === undefined) return;
  throw new JobError(
    'file-unusable',
    `${path}: it holds lines of text, and output.key names the field ${job.output.key}: keys are read from Avro data only. Leave output.key out, or narrow archive.input.`,
    { path },
  );
}
