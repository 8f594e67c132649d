import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { FormatError } from '../../../formats/format-error.ts';
import type { SequenceFileHeader } from '../../../formats/hadoop/sequence-file.ts';
import { keyHalf, longWritableInto, valueHalf, type SequenceHalf } from '../../../formats/hadoop/sequence-halves.ts';
import { textBytes } from '../../../formats/hadoop/writables.ts';
import type { Int64 } from '../../../formats/int64.ts';
import type { RecordFunctions } from '../functions/record-functions.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { TimeUnit } from '../record/record-time.ts';
import type { TimeOrigin } from '../record/stray-times.ts';
import { avroRecordReader } from './avro-record-reader.ts';
import type { DecoderInput } from './decoder-input.ts';
import type { RecordSink } from './record-sink.ts';
import { refuseAvroSettings, takeText, textTime } from './text-record-reader.ts';

/** Takes the pairs of one SequenceFile, as the job wants them. */
export interface SequenceRecordReader {
  timeUnit: TimeUnit;
  timeOrigin: TimeOrigin;
  /** What the output schema makes of the records that is worth a look. */
  remarks?: readonly string[];
  /** Throws FormatError, without a position; then the pair isn't taken. */
  read(key: Uint8Array, value: Uint8Array, sink: RecordSink): void;
}

const TEXT = 'org.apache.hadoop.io.Text';
const LONG = 'org.apache.hadoop.io.LongWritable';

/**
 * Finds what is to be published: an Avro record (AvroSequenceFile) in the value or, if that is none, in the key; else
 * a Text in the value or the key, as Camus's SequenceFileRecordWriterProvider writes it. What else a pair holds is
 * left out, but for a LongWritable beside a Text: that is the record's time.
 * @throws FormatError 'unsupported' where there is neither, 'schema' for schemas
 */
export function sequenceRecordReader(header: SequenceFileHeader, decoding: DecoderInput): SequenceRecordReader {
  const [key, value] = [keyHalf(header), valueHalf(header)];
  const { job, schema, path, functions } = decoding;
  for (const half of [value, key]) {
    if (half.kind !== 'avro' || !isRecord(half.schemaJson)) continue;
    const reader = avroRecordReader(job, half.schemaJson, schema, functions);
    const { timeUnit, timeOrigin, remarks } = reader;
    const facts = { timeUnit, timeOrigin, remarks };
    if (half === value) return { ...facts, read: (_key, bytes, sink) => reader.readWhole(bytes, sink) };
    return { ...facts, read: (bytes, _value, sink) => reader.readWhole(bytes, sink) };
  }
  const inValue = value.className === TEXT;
  if (!inValue && key.className !== TEXT)
    throw new FormatError('unsupported', 'the SequenceFile holds nothing that can be published', {
      expected: `an Avro record or ${TEXT} in the key or the value`,
      found: `${described(key)} and ${described(value)}`,
    });
  refuseAvroSettings(job, path);
  return textReader(job, inValue, (inValue ? key : value).className, functions);
}

function textReader(
  job: ReplayJob,
  inValue: boolean,
  besideIt: string,
  functions: RecordFunctions | undefined,
): SequenceRecordReader {
  const { field, pattern, unit = 'millis' } = job.time;
  if (besideIt !== LONG || field !== undefined || pattern !== undefined || functions?.hasTime === true) {
    const timeOf = textTime(job, functions);
    return {
      timeUnit: 'millis',
      timeOrigin: functions?.hasTime === true ? 'function' : 'text',
      read: (key, value, sink) => {
        const text = textBytes(inValue ? value : key);
        takeText(text, timeOf, sink, functions);
      },
    };
  }
  const time: Int64 = { hi: 0, lo: 0 };
  return {
    timeUnit: unit,
    timeOrigin: 'key',
    read: (key, value, sink) => {
      longWritableInto(inValue ? key : value, time);
      takeText(textBytes(inValue ? value : key), () => time, sink, functions);
    },
  };
}

function isRecord(schemaJson: string): boolean {
  const schema = parseSchema(schemaJson, { lenient: true });
  return schema.type === 'record' || (schema.type === 'union' && schema.branches.some(({ type }) => type === 'record'));
}

function described(half: SequenceHalf): string {
  return half.kind === 'avro' ? `Avro data of the schema ${half.schemaJson.slice(0, 80)}` : half.className;
}
