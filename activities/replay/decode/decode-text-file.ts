import type { ByteSource } from '../../../formats/byte-source.ts';
import type { StreamCompression } from '../../../formats/codecs/streams.ts';
import { withoutMark } from '../../../formats/text/byte-order-mark.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import { decodeLines } from './decode-lines.ts';
import type { DecoderInput } from './decoder-input.ts';
import { refuseAvroSettings, takeText, textTime } from './text-record-reader.ts';

/**
 * Decodes the lines of a text file that belong to the split; yields whenever the sort buffer is full. A byte order mark
 * at the beginning of the file is no part of its first line, as in Hadoop's LineRecordReader.
 */
export async function* decodeTextFile(
  source: ByteSource,
  compression: StreamCompression,
  decoding: DecoderInput,
): AsyncGenerator<void> {
  const { job, sink, path, functions } = decoding;
  refuseAvroSettings(job, path);
  sink.useTimeUnit('millis', functions?.hasTime === true ? 'function' : 'text');
  const timeOf = textTime(job, functions);
  // Archives hold messages and nothing else: what looks like a mark there is one's first character.
  const mayBeMarked = layoutOf(job.archive.layout).facts(path, job.topic) === undefined;
  yield* decodeLines(source, compression, decoding, ({ bytes, position }) => {
    const text = position === 0 && mayBeMarked ? withoutMark(bytes) : bytes;
    takeText(text, timeOf, sink, functions);
  });
}
