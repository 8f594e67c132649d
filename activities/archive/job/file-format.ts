import type { StreamWriteCodec } from '../../../formats/codecs/compress/stream-compressor.ts';
import { LINE_EXTENSIONS } from '../../../formats/text/line-writer.ts';
import type { ArchiveJob } from './archive-job.ts';
import { writesAvro } from './parse-archive-input.ts';

export type FileFormat =
  | { format: 'avro'; codec: 'null' | 'deflate' | 'snappy' | 'zstandard'; extension: string }
  | { format: 'text'; compression: StreamWriteCodec; extension: string }
  | { format: 'sequence-file'; codec: 'none' | 'gzip' | 'deflate' | 'snappy' | 'zstandard'; extension: string };

/** How the job's files are written: what is said, or what goes with its values. */
export function fileFormat({ value, files }: Pick<ArchiveJob, 'value' | 'files'>): FileFormat {
  if (writesAvro(value)) {
    const codec = files.codec ?? 'deflate';
    if (codec === 'gzip') throw new TypeError('Avro files have no gzip; the input was to be checked');
    return { format: 'avro', codec: codec === 'none' ? 'null' : codec, extension: '.avro' };
  }
  const codec = files.codec ?? 'gzip';
  if (files.format === 'sequence-file') return { format: 'sequence-file', codec, extension: '' };
  const compression = codec === 'deflate' ? 'zlib' : codec;
  return { format: 'text', compression, extension: LINE_EXTENSIONS[compression] };
}
