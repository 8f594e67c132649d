import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import { parseReplayInput } from '../../activities/replay/job/parse-input.ts';
import type { ReplayJob } from '../../activities/replay/job/replay-job.ts';
import { resolveJob } from '../../activities/replay/job/resolve-job.ts';

/** A validated job for tests of single steps: the input with its defaults, as `validateJob` would hand it on. */
export function replayJob(input: Partial<ReplayInput> = {}): ReplayJob {
  const parsed = parseReplayInput({ topic: 'events', archive: { dest: '/camus' }, ...input });
  const tuning = {
    heartbeatTimeoutMs: 20_000,
    decodeConcurrency: 8,
    sliceMs: 300_000,
    splitBytes: 48 * 1024 * 1024,
    mergeFanIn: 64,
  };
  return { ...resolveJob(parsed, 'replay-events/run-1', 0, { tuning }), staging: '/tmp/rewind/events/run-1' };
}
