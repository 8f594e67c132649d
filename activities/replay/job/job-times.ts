import type { ParsedReplayInput } from './job-input.ts';
import { isRelativeTime, resolveRelativeTime } from './relative-time.ts';
import { fillTopicTemplate } from './topic-template.ts';

/** The time range in milliseconds since 1970 UTC, for a job whose scheduled start is known. */
export function timesOf(
  { from, to, timeZone }: Pick<ParsedReplayInput, 'from' | 'to' | 'timeZone'>,
  scheduledAt: number,
): { from: number | undefined; to: number | undefined } {
  const millis = (value: number | string | undefined): number | undefined => {
    if (typeof value !== 'string') return value;
    return isRelativeTime(value) ? resolveRelativeTime(value, scheduledAt, timeZone) : Date.parse(value);
  };
  return { from: millis(from), to: millis(to) };
}

/** The replay topic's name with its dates filled in; undefined where it holds an end of the time range that is not given. */
export function replayTopicNameOf(job: ParsedReplayInput, scheduledAt: number): string | undefined {
  const template = job.replayTopic.name ?? `${job.topic}_REPLAY`;
  return fillTopicTemplate(template, { start: scheduledAt, ...timesOf(job, scheduledAt) }, job.timeZone);
}
