import type { ByteSource } from '../../../formats/byte-source.ts';
import { decompressedChunks, hasChecksum } from '../../../formats/codecs/streams.ts';
import type { StreamCompression } from '../../../formats/codecs/streams.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { lineBatches, type TextLine } from '../../../formats/text/lines.ts';
import type { DecoderInput } from './decoder-input.ts';
import { pulse } from './thread-pulse.ts';

/**
 * Gives the lines of a file that belong to the split to `take`, which gives them to the sink; yields whenever the sort
 * buffer is full. A FormatError of `take` is about its line, and may have the position in it of what is wrong.
 */
export async function* decodeLines(
  source: ByteSource,
  compression: StreamCompression,
  { range, sink, skipped, sampling = false, path }: DecoderInput,
  take: (line: TextLine) => void,
): AsyncGenerator<void> {
  if (skipped.goesOn && !sampling && hasChecksum(compression)) await refuseDamaged(source, compression);
  for await (const lines of lineBatches(source, { compression, ...range }))
    for (const line of lines) {
      if (sink.isFull) yield;
      pulse.record(compression === 'none' ? line.position : -1, line.ordinal);
      try {
        take(line);
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
  const { bytes, ordinal } = line;
  const { position: inside, noticedAt, ...facts } = error.facts;
  const position = line.position + (inside ?? 0);
  if (compression === 'none')
    return new FormatError(error.fault, error.message, {
      ...facts,
      position,
      noticedAt: line.position + (noticedAt ?? bytes.length),
      ordinal,
    });
  return new FormatError(error.fault, `${error.message} (byte ${position} of what the file decompresses to)`, {
    ...facts,
    ordinal,
  });
}
