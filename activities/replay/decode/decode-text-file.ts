import type { ByteSource } from '../../../formats/byte-source.ts';
import { decompressedChunks, hasChecksum } from '../../../formats/codecs/streams.ts';
import type { StreamCompression } from '../../../formats/codecs/streams.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { withoutMark } from '../../../formats/text/byte-order-mark.ts';
import { lineBatches, type TextLine } from '../../../formats/text/lines.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { DecoderInput } from './decoder-input.ts';
import { pulse } from './thread-pulse.ts';
import { refuseKeyOfText, takeText, textTime } from './text-record-reader.ts';

/**
 * Decodes the lines of a text file that belong to the split; yields whenever the sort buffer is full. A byte order mark
 * at the beginning of the file is no part of its first line, as in Hadoop's LineRecordReader.
 */
export async function* decodeTextFile(
  source: ByteSource,
  compression: StreamCompression,
  decoding: DecoderInput,
): AsyncGenerator<void> {
  const { job, range, sink, skipped, sampling = false, path, functions } = decoding;
  refuseKeyOfText(job, path);
  sink.useTimeUnit('millis', functions?.hasTime === true ? 'function' : 'text');
  const timeOf = textTime(job, functions);
  if (skipped.goesOn && !sampling && hasChecksum(compression)) await refuseDamaged(source, compression);
  // Archives hold messages and nothing else: what looks like a mark there is one's first character.
  const mayBeMarked = layoutOf(job.archive.layout).facts(path, job.topic) === undefined;
  for await (const lines of lineBatches(source, { compression, ...range }))
    for (const line of lines) {
      if (sink.isFull) yield;
      pulse.record(compression === 'none' ? line.position : -1, line.ordinal);
      try {
        const bytes = line.position === 0 && mayBeMarked ? withoutMark(line.bytes) : line.bytes;
        takeText(bytes, timeOf, sink, functions);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        skipped.orThrow(inLine(error, line, compression), path, { records: 1 });
      }
    }
}

/**
 * Reads a compressed file once for its checksum, which comes behind all the lines that it is over: under `skip` they
 * would be kept before it tells that they are wrong. A file that is only cut keeps what is before the cut.
 */
async function refuseDamaged(source: ByteSource, compression: StreamCompression): Promise<void> {
  try {
    for await (const _chunk of decompressedChunks(source, compression));
  } catch (error) {
    if (!(error instanceof FormatError) || error.fault !== 'truncated') throw error;
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
