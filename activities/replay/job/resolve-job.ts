import type { Dependencies } from '../../dependencies.ts';
import { camusTopicFolder } from '../../../layouts/camus/topic-folder.ts';
import { stagingFolder } from '../staging.ts';
import type { ParsedReplayInput } from './job-input.ts';
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
  const history = archive.history ?? (archive.exec === undefined ? undefined : `${archive.exec}/base/history`);
  return {
    ...rest,
    id: job,
    topic,
    replayTopic: { ...replayTopic, name: replayTopicNameOf(parsed, scheduledAt) ?? `${topic}_REPLAY` },
    archive,
    input: archive.input ?? camusInput(archive, camusTopicFolder(topic)),
    history,
    ...timesOf(parsed, scheduledAt),
    staging: stagingFolder(staging, topic, job),
    functionsHash: undefined,
    searchAttributes: [],
    tuning,
  };
}

/**
 * The glob of what Camus wrote. Its hourly folders are named level by level, so that nothing that stands beside them is
 * read; how deep others are is the choice of its partitioner, and all that is below them is read.
 */
function camusInput({ dest, subDir }: ParsedReplayInput['archive'], topicFolder: string): string | undefined {
  if (dest === undefined) return undefined;
  const folder = `${escapeGlob(dest)}/${topicFolder}`;
  return subDir === undefined ? `${folder}/hourly/*/*/*/*` : `${folder}/${escapeGlob(subDir)}`;
}

/** A folder's name is no pattern, whatever characters it has. */
function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\]{}]/g, '\\$&');
}
