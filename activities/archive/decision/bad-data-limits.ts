import { passedByAll, passedByTopic, RecordsLeft, type BadDataLimits } from '../../log/bad-data-limits.ts';
import type { PulledRange } from '../pull/pull-report.ts';

/** Topics with more bad records than a topic may have, with the reason; and the reason why the whole run may not be. */
export interface OverLimit {
  topics: Map<string, string>;
  run: string | undefined;
}

/**
 * Judges what was skipped, per topic and over all, as Camus does with its percentages: but before anything is placed. A
 * topic that is all bad ends neither the others nor, by itself, the run.
 */
export function overLimit(ranges: Iterable<PulledRange>, { badData }: { badData: BadDataLimits }): OverLimit {
  const byTopic = new Map<string, RecordsLeft>();
  for (const { topic, records, left } of ranges) {
    const of = byTopic.get(topic) ?? new RecordsLeft();
    of.add(records, left);
    byTopic.set(topic, of);
  }
  const topics = new Map<string, string>();
  const rest = new RecordsLeft();
  for (const [topic, left] of byTopic) {
    const over = passedByTopic(left, badData);
    if (over === undefined) rest.addAll(left);
    else
      topics.set(
        topic,
        `${topic}: ${over.bad} of ${over.all} records can't be archived, more than badData.${over.field} (${over.limit}) allows; nothing of the topic was. Look at what its errors say, mend its schema or its producer, or raise the limit`,
      );
  }
  const over = passedByAll(rest, badData);
  if (over === undefined) return { topics, run: undefined };
  const why = over.reason === undefined ? '' : ` (${over.reason})`;
  const run = `${over.bad} of ${over.all} records can't be archived${why}, more than badData.${over.field} (${over.limit}) allows. Nothing was archived. Look at what the errors say, mend schemas or producers, or raise the limit.`;
  return { topics, run };
}
