import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { TopicCounts } from '../../../layouts/archive-writing.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { JobError } from '../../step/job-error.ts';
import { topicCounts } from '../pull/pull-report.ts';

/**
 * The counts in an execution; none where nothing was archived.
 *
 * @throws JobError 'history-unusable' for a damaged file
 */
export async function readCounts(store: FileStore, folder: string, signal: AbortSignal): Promise<TopicCounts[]> {
  const path = `${folder}/${writtenLayout().countsName}`;
  const status = await store.status(path, signal);
  if (status === undefined) return [];
  const bytes = await store.read(path, 0, status.length, signal);
  try {
    return topicCounts.array().parse(writtenLayout().readCounts(Buffer.from(bytes).toString()));
  } catch (error) {
    throw new JobError(
      'history-unusable',
      `${path} is damaged: ${(error as Error).message.slice(0, 200)}. Its counts were not posted: restore the file, or delete it.`,
      { path },
    );
  }
}
