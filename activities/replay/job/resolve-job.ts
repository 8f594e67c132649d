import type { Dependencies } from '../../dependencies.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import { OLDER_STAGING, stagingFolder } from '../staging.ts';
import type { ParsedReplayInput } from './job-input.ts';
import { settingsOfFormat } from './format-defaults.ts';
import { replayTopicNameOf, timesOf } from './job-times.ts';
import type { ReplayJob } from './replay-job.ts';

/** The job that an input asks for, every default filled in; relative times are told from `scheduledAt`. */
export function resolveJob(
  parsed: ParsedReplayInput,
  id: string,
  scheduledAt: number,
  { tuning }: Pick<Dependencies, 'tuning'>,
): ReplayJob {
  const {
    topic,
    archive,
    from: _from,
    to: _to,
    timeZone: _zone,
    plan: _plan,
    takeUp,
    staging,
    replayTopic,
    ...rest
  } = parsed;
  const job = takeUp ?? id;
  const layout = layoutOf(archive.layout);
  return {
    ...rest,
    ...settingsOfFormat(parsed),
    id: job,
    topic,
    replayTopic: { ...replayTopic, name: replayTopicNameOf(parsed, scheduledAt) ?? `${topic}_REPLAY` },
    archive,
    input: archive.input ?? layout.input(archive, topic),
    history: layout.history?.folder(archive, topic),
    ...timesOf(parsed, scheduledAt),
    scheduledAt,
    // Where the input doesn't say, the worker's home takes its place (staging-place.ts).
    staging: stagingFolder(staging ?? OLDER_STAGING, topic, job),
    functionsHash: undefined,
    searchAttributes: [],
    tuning,
  };
}
