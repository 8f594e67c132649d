import { openLineWriter, type LineWriter } from '../../../../formats/text/line-writer.ts';
import type { ArchiveJob } from '../../job/archive-job.ts';
import type { FileFormat } from '../../job/file-format.ts';
import type { LineFiles } from './values-as-lines.ts';

/** Files of lines. */
export function lineFiles(
  { compression }: Extract<FileFormat, { format: 'text' }>,
  { delimiter: separator, level }: ArchiveJob['files'],
): LineFiles {
  return {
    delimiter: Buffer.from(separator),
    open: (sink) => openLineWriter({ compression, separator, level, sink }),
    append: (writer, _time, bytes, start, end) => (writer as LineWriter).append(bytes, start, end),
  };
}
