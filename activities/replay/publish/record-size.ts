import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';

/** Batch header, lengths, ordinal and the like: what a record takes beside its key and value, and its file's headers. */
const RECORD_OVERHEAD = 200;
/** The longest path of a file as HDFS has it by default. */
const LONGEST_PATH = 4_096;

/** Throws where a record whose body has `largest` bytes does not fit into a batch of the topic. */
export function assertFits(job: ReplayJob, maxMessageBytes: number, largest: number): void {
  const longestHeaders = RECORD_OVERHEAD + (job.output.headers.file ? LONGEST_PATH : 0);
  if (largest + RECORD_OVERHEAD <= maxMessageBytes - Math.min(longestHeaders, maxMessageBytes / 4)) return;
  throw new JobError(
    'record-too-large',
    `The largest record takes ${largest} bytes and its headers up to ${longestHeaders}, and the topic ${job.replayTopic.name} takes batches of ${maxMessageBytes} bytes. Nothing was published. Raise max.message.bytes of the topic, and take the job up (rewind resume ID); of one that is not there yet set replayTopic.maxMessageBytes (rewind resume ID --job JOB.json).`,
    { largest, limit: maxMessageBytes },
  );
}
