import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import { timesOf } from '../../activities/replay/job/job-times.ts';
import { parseReplayInput } from '../../activities/replay/job/parse-input.ts';
import type { ReplayJob } from '../../activities/replay/job/replay-job.ts';

/** A validated job for tests of single steps: the input with its defaults, as `validateJob` would hand it on. */
export function replayJob(input: Partial<ReplayInput> = {}): ReplayJob {
  const parsed = parseReplayInput({ topic: 'events', archive: { dest: '/camus' }, ...input });
  return {
    ...parsed,
    id: 'replay-events/run-1',
    replayTopic: { ...parsed.replayTopic, name: parsed.replayTopic.name ?? `${parsed.topic}_REPLAY` },
    input: parsed.archive.input ?? `${parsed.archive.dest}/${parsed.topic}/hourly/*/*/*/*`,
    history: parsed.archive.history,
    ...timesOf(parsed, 0),
    functionsHash: undefined,
    searchAttributes: [],
    staging: '/tmp/rewind/events/run-1',
    tuning: {
      heartbeatTimeoutMs: 20_000,
      decodeConcurrency: 8,
      sliceMs: 300_000,
      splitBytes: 48 * 1024 * 1024,
      mergeFanIn: 64,
    },
  };
}
