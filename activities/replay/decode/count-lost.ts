import type { ByteSource } from '../../../formats/byte-source.ts';
import { countContainerRecords } from '../../../formats/avro/container-count.ts';
import type { CountedRecords } from '../../../formats/counted-records.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { countSequenceRecords } from '../../../formats/hadoop/sequence-count.ts';
import { openParquet } from '../../../formats/parquet/parquet-file.ts';
import { countLines } from '../../../formats/text/count-lines.ts';
import type { DecoderInput } from './decoder-input.ts';
import { fileFormat } from './file-format.ts';

/**
 * How many records a file, or the part of it that belongs to the split, holds as its own heads of blocks, frames or line
 * ends count them: for one that is lost, since its schema or its codec is none that can be used. It is read once more
 * for that, without being decoded.
 */
export async function recordsInFile(
  source: ByteSource,
  { path, range, job }: Pick<DecoderInput, 'path' | 'range' | 'job'>,
): Promise<CountedRecords> {
  try {
    const detected = await fileFormat(source, path, job.archive.format);
    if (detected.format === 'avro' || detected.format === 'record') return await countContainerRecords(source, range);
    if (detected.format === 'sequence-file') return await countSequenceRecords(source, range);
    if (detected.format === 'parquet') return { records: (await openParquet(source)).rows, bytes: 0 };
    return await countLines(source, { compression: detected.compression, ...range });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { records: 0, bytes: bytesOf(source, range) };
  }
}

/** Bytes of a file that belong to the split. */
export function bytesOf(source: Pick<ByteSource, 'length'>, range: DecoderInput['range']): number {
  return range === undefined ? source.length : range.end - range.start;
}
