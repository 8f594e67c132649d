import { executionFiles } from '../../activities/archive/history/execution-files.ts';
import type { DecidedError, DecidedPartition } from '../../activities/archive/decision/decision.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';

/** What of a partition an execution says; of topic `events`, and partition 0, where it doesn't say another. */
export type OwnPartition = Pick<DecidedPartition, 'start' | 'next' | 'records'> & Partial<DecidedPartition>;

/** Writes an execution as Rewind's own archive leaves it: with what it says of itself beside the offsets. */
export async function writeOwnExecution(
  store: FileStore,
  folder: string,
  partitions: OwnPartition[],
  errors: Pick<DecidedError, 'offset' | 'message'>[] = [],
): Promise<void> {
  const files = executionFiles({
    head: {
      ...{ kind: 'head', version: 1, job: 'job', staging: '/s', dest: '/dest', history: '/h', decidedAt: 0 },
      execution: folder.slice(folder.lastIndexOf('/') + 1),
    },
    files: [],
    partitions: partitions.map((each) => ({
      ...{ kind: 'partition', topic: 'events', partition: 0, leader: '1', missing: [], left: {} },
      ...each,
    })),
    errors: errors.map((each) => ({ kind: 'error', topic: 'events', partition: 0, ...each })),
    counts: [],
    problems: [],
  });
  for (const { name, chunks } of files) await store.write(`${folder}/${name}`, chunks);
}
