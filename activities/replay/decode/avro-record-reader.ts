import { compileFieldReader } from '../../../formats/avro/field-reader.ts';
import { compileInt64Reader, type Int64Reader } from '../../../formats/avro/int64-reader.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import type { AvroSchema } from '../../../formats/avro/schema/schema.ts';
import { compileSkip, type SkipDatum } from '../../../formats/avro/skip-datum.ts';
import { compileTranscoder, type Transcoder } from '../../../formats/avro/transcoder.ts';
import { outputRemarks } from './output-meaning.ts';
import { schemaIdFrame } from '../../../formats/registry-frame/schema-id.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { FormatError, type FormatFault } from '../../../formats/format-error.ts';
import type { Int64 } from '../../../formats/int64.ts';
import type { RecordFunctions } from '../functions/record-functions.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { writerFrameId } from '../job/writer-frames.ts';
import type { TimeUnit } from '../record/record-time.ts';
import type { TimeOrigin } from '../record/stray-times.ts';
import type { RecordSink } from './record-sink.ts';

/** Reads records of one writer's schema, as the job wants them. */
export interface AvroRecordReader {
  timeUnit: TimeUnit;
  timeOrigin: TimeOrigin;
  /** What the output schema makes of these records that is worth a look. */
  remarks: readonly string[];
  /** Gives the record at `position` to the sink; returns the position after it. Throws FormatError. */
  read(data: Uint8Array, position: number, end: number, sink: RecordSink): number;
  /** The same for a record that has its bytes to itself: bytes behind it are an error, and it isn't taken. */
  readWhole(data: Uint8Array, sink: RecordSink): void;
  /** Position after the record at `position`. */
  skip(data: Uint8Array, position: number, end: number): number;
}

/** Where Camus2Kafka looks for the time of a record; and, where it finds none, Camus and an archive. */
const DEFAULT_TIME_PATHS = [['time'], ['header', 'time'], ['timestamp']];

/** Files of one archive mostly share a few schemas; compiling one costs more than decoding a small file. */
const compiled = new Map<string, AvroRecordReader>();
const MAX_COMPILED = 64;

export function avroRecordReader(
  job: ReplayJob,
  writerJson: string,
  outputJson: string | undefined,
  functions?: RecordFunctions,
): AvroRecordReader {
  const { time, order, output, frameId } = job;
  const { encoding, key: keyField, relabel, frame } = output;
  const key = JSON.stringify([
    writerJson,
    outputJson,
    time,
    order,
    encoding,
    keyField,
    relabel,
    frameId,
    frame,
    functions?.key,
  ]);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const reader = compile(job, writerJson, outputJson, functions);
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(key, reader);
  return reader;
}

function compile(
  job: ReplayJob,
  writerJson: string,
  outputJson: string | undefined,
  functions: RecordFunctions | undefined,
): AvroRecordReader {
  const writer = parseSchema(writerJson, { lenient: true });
  const { frame } = job.output;
  const schemaJson = frame === 'writer' ? undefined : outputJson;
  const output = schemaJson === undefined ? writer : parseSchema(schemaJson);
  const shown = functions && shownTo(functions, compileTranscoder(writer, output, 'json'));
  const time = functions?.hasTime === true ? timeBy(functions) : timeReader(writer, job);
  const remarks = schemaJson === undefined ? [] : outputRemarks(writer, output, job.output.relabel === true);
  const key = job.output.key === undefined ? undefined : compileFieldReader(writer, job.output.key.split('.'));
  const skip = compileSkip(writer);
  const { encoding } = job.output;
  const plain = encoding === 'original' ? asItIs(skip) : compileTranscoder(writer, output, encoding);
  const frameId = frame === 'writer' ? ownFrameId(outputJson, writerJson, writer) : job.frameId;
  const usual = frameId === undefined ? plain : framed(plain, frameId);
  const transcoder = functions?.hasOutput === true ? madeBy(functions, skip) : usual;
  const take = (data: Uint8Array, position: number, end: number, sink: RecordSink, whole: boolean): number => {
    shown?.(data, position, end, sink);
    if (!sink.begin(time.read(data, position, end))) return skip(data, position, end);
    if (functions?.keeps() === false) {
      sink.leaveOut();
      return skip(data, position, end);
    }
    const out = sink.key(key?.read(data, position, end));
    const next = transcoder.transcode(data, position, end, out);
    if (whole && next !== end)
      throw new FormatError('corrupt', 'a record is shorter than the bytes that hold it', {
        expected: `${end - position} bytes`,
        found: `${next - position}`,
      });
    sink.end();
    return next;
  };
  return {
    timeUnit: job.time.unit ?? time.unit ?? 'millis',
    timeOrigin: functions?.hasTime === true ? 'function' : 'field',
    remarks,
    skip,
    read: (data, position, end, sink) => take(data, position, end, sink, false),
    readWhole: (data, sink) => void take(data, 0, data.length, sink, true),
  };
}

/** Undefined where the ids are not pinned, as where records are only looked at. */
function ownFrameId(frames: string | undefined, writerJson: string, writer: AvroSchema): number | undefined {
  return frames === undefined ? undefined : writerFrameId(frames, writerJson, writer);
}

/** The encoding `original`: the record's end is looked for, and its bytes are copied. */
function asItIs(skip: SkipDatum): Transcoder {
  return {
    transcode: (data, position, end, out) => {
      const next = skip(data, position, end);
      out.append(data.subarray(position, next));
      return next;
    },
  };
}

/** The same behind the frame of a registry. */
function framed(transcoder: Transcoder, schemaId: number): Transcoder {
  const frame = schemaIdFrame(schemaId);
  return {
    transcode: (data, position, end, out) => {
      out.append(frame);
      return transcoder.transcode(data, position, end, out);
    },
  };
}

/** Shows each record to the job's functions before they are called, as plain JSON. */
function shownTo(
  functions: RecordFunctions,
  json: Transcoder,
): (data: Uint8Array, position: number, end: number, sink: RecordSink) => void {
  const scratch = new ByteWriter(64 * 1024);
  const { record } = functions;
  return (data, position, end, { file }) => {
    scratch.length = 0;
    json.transcode(data, position, end, scratch);
    record.show(scratch.bytes.subarray(0, scratch.length), file);
  };
}

/** What is published comes from a function. */
function madeBy(functions: RecordFunctions, skip: SkipDatum): Transcoder {
  return {
    transcode: (data, position, end, out) => {
      out.append(functions.output());
      return skip(data, position, end);
    },
  };
}

function timeBy(functions: RecordFunctions): TimeReader {
  const raw: Int64 = { hi: 0, lo: 0 };
  return { unit: 'millis', read: () => functions.time(raw) };
}

interface TimeReader {
  unit: TimeUnit | undefined;
  /** The time, valid until the next call; undefined where the order takes records without one. */
  read(data: Uint8Array, position: number, end: number): Int64 | undefined;
}

function timeReader(writer: AvroSchema, { time, order }: ReplayJob): TimeReader {
  const raw: Int64 = { hi: 0, lo: 0 };
  if (order === 'time') {
    const field = timeField(writer, time);
    return {
      unit: field.unit,
      read: (data, position, end) => {
        if (field.read(data, position, end, raw)) return raw;
        throw new FormatError('time', 'the record has no time', { expected: 'a number', found: 'null' });
      },
    };
  }
  const field = unless('schema', () => timeField(writer, time));
  return {
    unit: field?.unit,
    read: (data, position, end) =>
      unless('schema', () => field?.read(data, position, end, raw)) === true ? raw : undefined,
  };
}

/** What the body gives; undefined where it has that fault. */
function unless<T>(fault: FormatFault, body: () => T): T | undefined {
  try {
    return body();
  } catch (error) {
    if (error instanceof FormatError && error.fault === fault) return undefined;
    throw error;
  }
}

function timeField(writer: AvroSchema, { field, unit }: ReplayJob['time']): Int64Reader {
  const found = field === undefined ? defaultTimeField(writer) : compileInt64Reader(writer, field.split('.'));
  if (found.noInstant === undefined || unit !== undefined) return found;
  throw new FormatError(
    'schema',
    `the field of the record's time${field === undefined ? '' : `, ${field},`} is no point in time: name another one in time.field, or say in time.unit what one step of it is since 1970`,
    { expected: 'a timestamp, or a number without a logical type', found: found.noInstant },
  );
}

function defaultTimeField(writer: AvroSchema): Int64Reader {
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
