import { writtenLayout } from '../../../layouts/written-layout.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import { fileFormat } from '../job/file-format.ts';
import type { PathOfFile } from './range-pull.ts';

/** Where finished files of the job belong. */
export function dataFilePaths(job: Pick<ArchiveJob, 'dest' | 'value' | 'files'>): PathOfFile {
  const { extension } = fileFormat(job);
  return (file) => writtenLayout().path(job.dest, file, extension);
}
