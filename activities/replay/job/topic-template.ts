import { utcToLocal } from '../../../formats/text/local-time.ts';
import { isTopicName } from './topic-name.ts';

/** The times that a replay topic's name may hold, in milliseconds since 1970 UTC. */
export interface TemplateTimes {
  start: number;
  from: number | undefined;
  to: number | undefined;
}

const PLACE = /\{(?:(from|to):)?([^{}]*)\}/g;
const TOKENS = /yyyy|MM|dd|HH|mm|ss/g;

/**
 * Whether a text is a topic's name, or becomes one when its dates are filled in: `{yyyy-MM-dd}` is the scheduled start
 * of the job, `{from:yyyyMMdd}` and `{to:...}` the ends of its time range. Letters: yyyy, MM, dd, HH, mm, ss.
 */
export function isTopicTemplate(text: string): boolean {
  const known = [...text.matchAll(PLACE)].every(([, , pattern = '']) => /^[0-9._-]+$/.test(filled(pattern, 0)));
  return known && isTopicName(fillTopicTemplate(text, { start: 0, from: 0, to: 0 }, 'UTC') ?? '');
}

/** The name with its dates; undefined where it holds an end of the time range and the job has none. */
export function fillTopicTemplate(text: string, times: TemplateTimes, timeZone: string): string | undefined {
  let complete = true;
  const name = text.replace(PLACE, (_, which: 'from' | 'to' | undefined, pattern: string) => {
    const at = times[which ?? 'start'];
    if (at === undefined) complete = false;
    return at === undefined ? '' : filled(pattern, utcToLocal(timeZone)(at));
  });
  return complete ? name : undefined;
}

function filled(pattern: string, local: number): string {
  const [date = '', time = ''] = new Date(local).toISOString().split('T');
  const [yyyy, MM, dd] = date.split('-');
  const [HH, mm, seconds = ''] = time.split(':');
  const values: Record<string, string | undefined> = { yyyy, MM, dd, HH, mm, ss: seconds.slice(0, 2) };
  return pattern.replace(TOKENS, (token) => values[token] ?? token);
}
