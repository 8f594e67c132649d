import { compileFieldReader } from '../../formats/avro/field-reader.ts';
import { compileInt64Reader, type Int64Reader } from '../../formats/avro/int64-reader.ts';
import { parseSchema } from '../../formats/avro/schema/parse-schema.ts';
import type { AvroSchema } from '../../formats/avro/schema/schema.ts';
import { compileSkip } from '../../formats/avro/skip.ts';
import { compileTranscoder } from '../../formats/avro/transcoder.ts';
import { FormatError } from '../../formats/format-error.ts';
import type { Int64 } from '../../formats/int64.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { TimeUnit } from '../record/record-time.ts';
import type { RecordSink } from './record-sink.ts';

/** Reads records of one writer's schema, as the job wants them. */
export interface AvroRecordReader {
  timeUnit: TimeUnit;
  /** Gives the record at `position` to the sink; returns the position after it. Throws FormatError. */
  read(data: Uint8Array, position: number, end: number, sink: RecordSink): number;
  /** Position after the record at `position`. */
  skip(data: Uint8Array, position: number, end: number): number;
}

/** Where Camus's decoders, and so Camus2Kafka, look for the time of a record. */
const DEFAULT_TIME_PATHS = [['time'], ['header', 'time']];

/** Files of one archive mostly share a few schemas; compiling one costs more than decoding a small file. */
const compiled = new Map<string, AvroRecordReader>();
const MAX_COMPILED = 64;

export function avroRecordReader(job: ReplayJob, writerJson: string, outputJson: string | undefined): AvroRecordReader {
  const key = JSON.stringify([writerJson, outputJson, job.time, job.output.encoding, job.output.key]);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const reader = compile(job, writerJson, outputJson);
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(key, reader);
  return reader;
}

function compile(job: ReplayJob, writerJson: string, outputJson: string | undefined): AvroRecordReader {
  const writer = parseSchema(writerJson, { lenient: true });
  const output = outputJson === undefined ? writer : parseSchema(outputJson);
  const time = timeReader(writer, job.time.field);
  const key = job.output.key === undefined ? undefined : compileFieldReader(writer, job.output.key.split('.'));
  const transcoder = compileTranscoder(writer, output, job.output.encoding);
  const skip = compileSkip(writer);
  const raw: Int64 = { hi: 0, lo: 0 };
  return {
    timeUnit: job.time.unit ?? time.unit ?? 'millis',
    skip,
    read: (data, position, end, sink) => {
      if (!time.read(data, position, end, raw))
        throw new FormatError('time', 'the record has no time', { expected: 'a number', found: 'null' });
      if (!sink.begin(raw)) return skip(data, position, end);
      const out = sink.key(key?.read(data, position, end));
      const next = transcoder.transcode(data, position, end, out);
      sink.end();
      return next;
    },
  };
}

function timeReader(writer: AvroSchema, field: string | undefined): Int64Reader {
  if (field !== undefined) return compileInt64Reader(writer, field.split('.'));
  const faults: FormatError[] = [];
  for (const path of DEFAULT_TIME_PATHS) {
    try {
      return compileInt64Reader(writer, path);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      faults.push(error);
    }
  }
  throw faults[0]!;
}
