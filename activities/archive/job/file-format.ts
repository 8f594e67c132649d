import type { ArchiveJob } from './archive-job.ts';
import { writesAvro } from './parse-archive-input.ts';

export type FileFormat =
  | { format: 'avro'; codec: 'null' | 'deflate' | 'snappy' | 'zstandard'; extension: string }
  | { format: 'text'; codec: LineCodec; extension: string }
  | { format: 'sequence-file'; codec: LineCodec; extension: string };

type LineCodec = 'none' | 'gzip' | 'deflate' | 'snappy' | 'zstandard';

/** Extensions of lines, as Hadoop's codecs have them; readers go by them. */
const EXTENSIONS = { none: '', gzip: '.gz', deflate: '.deflate', snappy: '.snappy', zstandard: '.zst' };

/** How the job's files are written: what is said, or what goes with its values. */
export function fileFormat({ value, files }: Pick<ArchiveJob, 'value' | 'files'>): FileFormat {
  if (writesAvro(value)) {
    const codec = files.codec ?? 'deflate';
    if (codec === 'gzip') throw new TypeError('Avro files have no gzip; the input was to be checked');
    return { format: 'avro', codec: codec === 'none' ? 'null' : codec, extension: '.avro' };
  }
  const codec = files.codec ?? 'gzip';
  if (files.format === 'sequence-file') return { format: 'sequence-file', codec, extension: '' };
  return { format: 'text', codec, extension: EXTENSIONS[codec] };
}
