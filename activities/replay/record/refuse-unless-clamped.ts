import { FormatError } from '../../../formats/format-error.ts';
import { int64ToBigInt, type Int64 } from '../../../formats/int64.ts';
import type { ReplayJob } from '../job/replay-job.ts';

/** Refuses a time that can't be a Kafka timestamp, unless the job clamps such. */
export function refuseUnlessClamped({ output }: Pick<ReplayJob, 'output'>, time: Int64): void {
  if (output.invalidTimestamps === 'clamp') return;
  throw new FormatError(
    'time',
    'the record time can\'t be a Kafka timestamp; set output.invalidTimestamps to "clamp" (the original goes into a header), or output.timestamps to "publish"',
    { expected: 'a time from 1970 on', found: int64ToBigInt(time.hi, time.lo).toString() },
  );
}
