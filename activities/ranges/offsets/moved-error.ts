import { JobError } from '../../step/job-error.ts';
import type { TopicMoves } from './moves-of.ts';

/** Somebody else has consumed, or set offsets, while the job ran. */
export function offsetsMoved(
  { group, topic }: Pick<TopicMoves, 'group' | 'topic'>,
  where: string,
  what: string,
): JobError {
  return new JobError(
    'offsets-moved',
    `The offsets of group ${group} for ${topic} in ${where} are not what they were when the job was planned (${what}): somebody else has consumed or set them, and the job doesn't write over that. Stop whoever commits for this group. Set the offsets back to go on with this plan, or start the job with unfinished "discard", which plans from where the group is now.`,
    { group, topic },
  );
}

export function groupActive({ group }: Pick<TopicMoves, 'group'>, where: string, what: string): JobError {
  return new JobError(
    'offsets-group-active',
    `Group ${group} has ${what} in ${where}: they would write over what is committed. Stop them, then start the job again: it goes on where it is.`,
    { group },
  );
}
