import { ConnectionError } from '../../../connections/connection-error.ts';
import { isForbidden } from '../../log/schemas/is-forbidden.ts';
import { JobError } from '../../step/job-error.ts';

/** What is wrong with one topic alone, such as a right that is missing there: its range ends, and the others are pulled. */
export class TopicFailed extends Error {
  override readonly name = 'TopicFailed';
  override readonly cause: Error;

  constructor(cause: Error) {
    super(cause.message);
    this.cause = cause;
  }
}

/** What a topic's schemas are asked for and copied with: its subjects and its folder. */
export async function ofTopic<T>(loaded: Promise<T>): Promise<T> {
  try {
    return await loaded;
  } catch (error) {
    throw isOfTopic(error) ? new TopicFailed(error) : error;
  }
}

function isOfTopic(error: unknown): error is Error {
  if (error instanceof JobError) return true;
  // A login that is wrong is so for all of them.
  return error instanceof ConnectionError && isForbidden(error);
}
