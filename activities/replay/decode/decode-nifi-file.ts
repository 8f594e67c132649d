import type { ByteSource } from '../../../formats/byte-source.ts';
import type { StreamCompression } from '../../../formats/codecs/streams.ts';
import { NifiLine } from '../../../formats/nifi/nifi-line.ts';
import { nifiLines } from '../job/nifi-lines.ts';
import { decodeLines } from './decode-lines.ts';
import type { DecoderInput } from './decoder-input.ts';
import { refuseAvroSettings, textTime } from './text-record-reader.ts';

/**
 * Decodes lines `TOPIC-PARTITION-OFFSET<@>KEY<@>PAYLOAD` that belong to the split; yields whenever the sort buffer is
 * full. A line without a byte is no record: what merges messages that end in a line feed leaves some.
 */
export async function* decodeNifiFile(
  source: ByteSource,
  compression: StreamCompression,
  decoding: DecoderInput,
): AsyncGenerator<void> {
  const { job, sink, path, functions } = decoding;
  refuseAvroSettings(job, path);
  sink.useTimeUnit('millis', functions?.hasTime === true ? 'function' : 'text');
  const timeOf = textTime(job, functions);
  const { delimiter, empty } = nifiLines(job);
  const line = new NifiLine(job.topic, delimiter);
  const nullWhereEmpty = empty === 'null';
  let emptyLines = 0;
  yield* decodeLines(source, compression, decoding, ({ bytes, position }) => {
    if (bytes.length === 0) {
      emptyLines += 1;
      if (emptyLines === 1) sink.remark([`${path} at byte ${position}: lines without a byte are passed over`]);
      return;
    }
    line.read(bytes);
    const { keyStart, keyEnd, payloadStart } = line;
    const payload = line.bytes.subarray(payloadStart);
    const none = nullWhereEmpty && payload.length === 0;
    functions?.record.show(payload, sink.file);
    sink.at(line.partition, line.offset);
    if (!sink.begin(timeOf(payload))) return;
    if (functions?.keeps() === false) return sink.leaveOut();
    const out = sink.key(nullWhereEmpty && keyStart === keyEnd ? undefined : line.bytes.subarray(keyStart, keyEnd));
    if (none && functions?.hasOutput !== true) return sink.endWithoutValue();
    out.append(functions?.hasOutput === true ? functions.output() : payload);
    sink.end();
  });
}
