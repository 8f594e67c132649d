import type { ByteSource } from '../../formats/byte-source.ts';
import type { StreamCompression } from '../../formats/codecs/streams.ts';
import { FormatError } from '../../formats/format-error.ts';
import { lineBatches, type TextLine } from '../../formats/text/lines.ts';
import type { FileDecoding } from './file-decoding.ts';
import { refuseKeyOfText, takeText, textTime } from './text-record-reader.ts';

/** Decodes the lines of a text file that belong to the split; yields whenever the sort buffer is full. */
export async function* decodeTextFile(
  source: ByteSource,
  compression: StreamCompression,
  decoding: FileDecoding,
): AsyncGenerator<void> {
  const { job, range, sink, skipped, path, functions } = decoding;
  refuseKeyOfText(job, path);
  sink.useTimeUnit('millis');
  const timeOf = textTime(job, functions);
  for await (const lines of lineBatches(source, { compression, ...range }))
    for (const line of lines) {
      if (sink.isFull) yield;
      try {
        takeText(line.bytes, timeOf, sink, functions);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        skipped.orThrow(inLine(error, line, compression), path, { records: 1 });
      }
    }
}

/** In a compressed file a line has no place of its own: its number, and its place in what is compressed, tell it. */
function inLine(error: FormatError, line: TextLine, compression: StreamCompression): FormatError {
  const { position, bytes, ordinal } = line;
  if (compression === 'none')
    return new FormatError(error.fault, error.message, {
      ...error.facts,
      position,
      noticedAt: position + bytes.length,
      ordinal,
    });
  return new FormatError(error.fault, `${error.message} (byte ${position} of what the file decompresses to)`, {
    ...error.facts,
    ordinal,
  });
}
