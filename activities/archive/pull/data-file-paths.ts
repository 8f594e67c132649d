import { writtenLayout } from '../../../layouts/written-layout.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import { fileFormat } from '../job/file-format.ts';
import type { PathOfFile } from './range-to-pull.ts';

/** Where finished files of the job belong. */
export function dataFilePaths(job: Pick<ArchiveJob, 'dest' | 'value' | 'files'>): PathOfFile {
  const { extension } = fileFormat(job);
  return (file) => writtenLayout().path(job.dest, file, extension);
}

/** Folder of a topic's bad records; hidden, so that no reader of files takes it for data. */
const BAD_FOLDER = '.bad';

/** Where finished files of bad records belong. */
export function badFilePaths({ dest }: Pick<ArchiveJob, 'dest'>): PathOfFile {
  return (file) => {
    const folder = writtenLayout().topicFolder(dest, file.topic);
    return `${folder}/${BAD_FOLDER}${writtenLayout().path(dest, file, '.avro').slice(folder.length)}`;
  };
}
