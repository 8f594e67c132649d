import { compileSkip } from '../../../formats/avro/skip-datum.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { int64ToBigInt, type Int64 } from '../../../formats/int64.ts';
import { EnvelopeReader } from '../../../formats/record-envelope/envelope-reader.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { appendField } from '../record/record-body.ts';
import { encodeHeader, OFFSET_HEADER, TIMESTAMP_TYPE_HEADER } from '../record/record-headers.ts';
import { millisOf } from '../record/record-time.ts';
import type { AvroRecordReader } from './avro-record-reader.ts';
import type { RecordSink } from './record-sink.ts';

const CREATE_TIME = encodeHeader(TIMESTAMP_TYPE_HEADER, 'CreateTime');
const APPEND_TIME = encodeHeader(TIMESTAMP_TYPE_HEADER, 'LogAppendTime');

/**
 * Reads whole records, to be published as they were: null is told from empty, headers keep their order, repeats and
 * nulls. What the job wants to know of the source comes in headers before those.
 *
 * @param path that of the file, for messages
 */
export function wholeRecordReader(job: ReplayJob, writerJson: string, path: string): AvroRecordReader {
  const schema = parseSchema(writerJson, { lenient: true });
  const envelope = new EnvelopeReader(schema, writerJson);
  const isOfTopic = comparesWith(Buffer.from(job.topic));
  const { offset: withOffset = false, timestampType: withType = false } = job.output.headers;
  // Kafka's timestamps are milliseconds, in whichever unit a file has them: those of all files make one order.
  const toMillis = millisOf(envelope.timestampUnit);
  const time: Int64 = { hi: 0, lo: 0 };
  const take = (data: Uint8Array, position: number, end: number, sink: RecordSink): number => {
    const next = envelope.read(data, position, end);
    const { keyStart, keyEnd, valueStart, valueEnd, topicStart, topicEnd, words } = envelope;
    if (!isOfTopic(data, topicStart, topicEnd)) throw otherTopic(path, job.topic, envelope.topic);
    sink.at(envelope.partition, envelope.offset);
    toMillis(envelope.timestamp, time);
    if (!sink.begin(time)) return next;
    if (envelope.headerCount > 0 || withOffset || withType) appendHeaders(envelope, sink, withOffset, withType);
    const out = sink.key(keyStart < 0 ? undefined : data, keyStart, keyEnd, words);
    if (valueStart < 0) sink.endWithoutValue();
    else {
      out.append(data, valueStart, valueEnd, words);
      sink.end();
    }
    return next;
  };
  return {
    timeUnit: 'millis',
    timeOrigin: 'field',
    remarks: [],
    skip: compileSkip(schema),
    read: take,
    readWhole: (data, sink) => void take(data, 0, data.length, sink),
  };
}

function appendHeaders(envelope: EnvelopeReader, sink: RecordSink, withOffset: boolean, withType: boolean): void {
  const { data, words, headers, headerCount, offset, appendTime } = envelope;
  const out = sink.headers();
  if (withOffset) out.append(encodeHeader(OFFSET_HEADER, int64ToBigInt(offset.hi, offset.lo).toString()));
  if (withType) out.append(appendTime ? APPEND_TIME : CREATE_TIME);
  for (let at = 0; at < headerCount * 4; at += 4) {
    appendField(out, data, headers[at]!, headers[at + 1]!, words);
    appendField(out, data, headers[at + 2]!, headers[at + 3]!, words);
  }
  sink.endHeaders(headerCount + (withOffset ? 1 : 0) + (withType ? 1 : 0));
}

/** A loop over a name costs a tenth of what a call of Node's does. */
function comparesWith(name: Buffer): (data: Uint8Array, start: number, end: number) => boolean {
  return (data, start, end) => {
    if (end - start !== name.length) return false;
    for (let at = 0; at < name.length; at++) if (data[start + at] !== name[at]) return false;
    return true;
  };
}

/** Offsets count within one topic: among another's a record would be taken for one that is there twice. */
function otherTopic(path: string, topic: string, found: string): JobError {
  return new JobError(
    'file-unusable',
    `${path}: it holds records of the topic ${found}, and the job replays ${topic}. Correct topic, or name files of one topic alone in archive.input.`,
    { path, topic, found },
  );
}
