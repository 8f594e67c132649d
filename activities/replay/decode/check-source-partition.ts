import { FormatError } from '../../../formats/format-error.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { ManifestFile } from '../manifest/manifest.ts';

/**
 * Refuses a record that says it is of a partition that the replay topic has not, of `partitions`, or not the one of its
 * file's name.
 *
 * @throws JobError 'replay-topic-partitions'
 * @throws FormatError 'corrupt'
 */
export function checkSourcePartition(
  partition: number,
  { output }: ReplayJob,
  file: ManifestFile | undefined,
  partitions: number,
): void {
  const named = file?.partition;
  if (named !== undefined && named !== partition)
    throw new FormatError('corrupt', "a record is of another partition than its file's name says", {
      expected: `partition ${named}`,
      found: `partition ${partition}`,
    });
  if (output.partitions !== 'source' || partition < partitions) return;
  throw new JobError(
    'replay-topic-partitions',
    `${file?.path}: it has a record of partition ${partition}, and the replay topic has ${partitions} partitions. Set output.partitionCount to ${partition + 1} or more, and start a new job.`,
    { path: file?.path, partition, partitions },
  );
}
