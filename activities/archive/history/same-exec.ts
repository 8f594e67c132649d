import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { JobError } from '../../step/job-error.ts';
import { ArchiveFolders } from '../archive-folders.ts';
import type { ArchiveJob } from '../job/archive-job.ts';

/**
 * Refuses a history that another EXEC goes on with: claim and decisions are in EXEC, and two of them would each decide what
 * follows, so that records were archived twice and offsets went back. An EXEC that was moved has the decision with it.
 *
 * @throws JobError 'history-unusable'
 */
export async function assertSameExec(
  store: FileStore,
  job: Pick<ArchiveJob, 'exec' | 'history' | 'staging'>,
  newest: { execution: string; exec: string | undefined; predecessor: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  const { execution, exec, predecessor } = newest;
  if (exec === undefined || exec === job.exec) return;
  const decision = new ArchiveFolders(job).decision(predecessor);
  if ((await store.status(decision, signal)) !== undefined) return;
  throw new JobError(
    'history-unusable',
    `${job.history}/${execution} was recorded by an archive whose exec is ${exec}, and this job's is ${job.exec}: two of them would each go on from here, and archive records twice. Give each archive an EXEC and a HISTORY of its own; or set exec to ${exec}. If ${exec} was moved to ${job.exec}, move ${exec}/.rewind there, too.`,
    { execution, expected: exec, found: job.exec },
  );
}
