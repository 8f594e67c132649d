import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { OffsetHistory, PinRequest } from '../../../layouts/archive-layout.ts';
import { EntryGone } from '../../../layouts/archive-tree.ts';
import { LayoutError } from '../../../layouts/layout-error.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { JobError } from '../../step/job-error.ts';
import { archiveTree } from '../manifest/archive-tree.ts';
import type { ReplayJob } from '../job/replay-job.ts';

/** Histories are pruned: an execution that vanishes while we read it means that there is a newer one. */
const READ_ATTEMPTS = 5;

/** The offsets of the newest execution: what a job that began now would pin. */
export async function newestOffsets(
  store: FileStore,
  job: ReplayJob,
  folder: string,
  signal: AbortSignal,
): Promise<PinnedOffsets> {
  const history = historyOf(job);
  const { topic, offsets, archive } = job;
  const request: PinRequest = {
    folder,
    topic,
    partitions: offsets.layout,
    required: offsets.group !== undefined,
    holes: archive.missing === 'report' || offsets.evenIfPartial ? 'report' : 'fail',
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await history.pin(archiveTree(store), request, signal);
    } catch (error) {
      if (error instanceof LayoutError) throw new JobError(error.code, error.message, error.facts);
      if (!(error instanceof EntryGone)) throw error;
      if (attempt === READ_ATTEMPTS) throw error.cause;
    }
  }
}

/** Name of the newest execution in the history, to see whether another one has ended meanwhile. */
export async function newestExecutionName(
  store: FileStore,
  job: ReplayJob,
  signal?: AbortSignal,
): Promise<string | undefined> {
  return historyOf(job).newest(archiveTree(store), job.history ?? '', signal);
}

function historyOf({ archive }: ReplayJob): OffsetHistory {
  const { history, writer } = layoutOf(archive.layout);
  if (history === undefined) throw new TypeError(`archives of ${writer} keep no offsets, and the job asks for them`);
  return history;
}
