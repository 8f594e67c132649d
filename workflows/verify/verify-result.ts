import type { Int64Text } from '../../activities/replay/steps.ts';
import type { ReportedVerify } from '../../activities/verify/steps.ts';
import type { VerifyState } from './verify-state.ts';

/** What a job of `verify` has found. */
export interface VerifyResult extends ReportedVerify {
  job: string;
  topic: string;
  files: number;
  bytes: Int64Text;
  /** ISO-8601. */
  startedAt: string;
  endedAt: string;
}

export function verifyResult({ job, planned, reported, startedAt }: VerifyState, now: number): VerifyResult {
  if (planned === undefined || reported === undefined) throw new TypeError('a result before the report');
  return {
    job: job.id,
    topic: job.topic,
    files: planned.files,
    bytes: planned.bytes,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(now).toISOString(),
    ...reported,
  };
}
