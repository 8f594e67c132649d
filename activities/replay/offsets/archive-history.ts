import { ConnectionError } from '../../../connections/connection-error.ts';
import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { OffsetHistory } from '../../../layouts/archive-layout.ts';
import { EntryGone, type ArchiveTree } from '../../../layouts/archive-tree.ts';
import { LayoutError } from '../../../layouts/layout-error.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { JobError } from '../../step/job-error.ts';
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
  const { topic, offsets } = job;
  const request = { folder, topic, partitions: offsets.layout, required: offsets.group !== undefined };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await history.pin(treeOf(store), request, signal);
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
  return historyOf(job).newest(treeOf(store), job.history ?? '', signal);
}

function historyOf({ archive }: ReplayJob): OffsetHistory {
  const { history, writer } = layoutOf(archive.layout);
  if (history === undefined) throw new TypeError(`archives of ${writer} keep no offsets, and the job asks for them`);
  return history;
}

/** HDFS as a layout sees it. */
function treeOf(store: FileStore): ArchiveTree {
  return {
    status: (path, signal) => store.status(path, signal),
    list: async function* (path, signal) {
      try {
        yield* store.list(path, signal);
      } catch (error) {
        throw orGone(error);
      }
    },
    open: (file) => {
      const source = openFileSource(store, file);
      const orThrowGone = async <T>(reading: Promise<T>): Promise<T> =>
        reading.catch((error: unknown) => {
          throw orGone(error);
        });
      return {
        length: source.length,
        read: (position, length, signal) => orThrowGone(source.read(position, length, signal)),
        verify: (signal) => orThrowGone(source.verify(signal)),
      };
    },
  };
}

function orGone(error: unknown): unknown {
  const gone = error instanceof ConnectionError && error.fault === 'not-found';
  return gone ? new EntryGone(error.message, { cause: error }) : error;
}
