import type { ArchiveJob } from '../job/archive-job.ts';
import type { PulledRange } from '../pull/pull-report.ts';
import { isBadData } from '../../log/left-reasons.ts';

/** Topics with more bad records than a topic may have, with the reason; and the reason why the whole run may not be. */
export interface OverLimit {
  topics: Map<string, string>;
  run: string | undefined;
}

/**
 * Judges what was skipped, per topic and over all, as Camus does with its percentages: but before anything is placed. A
 * topic that is all bad ends neither the others nor, by itself, the run.
 */
export function overLimit(ranges: Iterable<PulledRange>, { badData }: Pick<ArchiveJob, 'badData'>): OverLimit {
  const byTopic = new Map<string, { bad: number; all: number }>();
  for (const { topic, records, left } of ranges) {
    const count = byTopic.get(topic) ?? { bad: 0, all: 0 };
    const bad = badIn(left);
    count.bad += bad;
    count.all += records + bad;
    byTopic.set(topic, count);
  }
  const topics = new Map<string, string>();
  const rest = { bad: 0, all: 0 };
  for (const [topic, { bad, all }] of byTopic)
    if (exceeds(bad, all, badData.topicLimitPercent))
      topics.set(
        topic,
        `${topic}: ${bad} of ${all} records can't be archived, more than badData.topicLimitPercent (${badData.topicLimitPercent}) allows; nothing of the topic was. Look at what its errors say, mend its schema or its producer, or raise the limit`,
      );
    else {
      rest.bad += bad;
      rest.all += all;
    }
  const run = exceeds(rest.bad, rest.all, badData.limitPercent)
    ? `${rest.bad} of ${rest.all} records can't be archived, more than badData.limitPercent (${badData.limitPercent}) allows. Nothing was archived. Look at what the errors say, mend schemas or producers, or raise the limit.`
    : undefined;
  return { topics, run };
}

/** How many of the records that were left are bad. */
export function badIn(left: Readonly<Record<string, number>>): number {
  return Object.entries(left).reduce((sum, [reason, number]) => sum + (isBadData(reason) ? number : 0), 0);
}

function exceeds(bad: number, all: number, percent: number): boolean {
  return bad > 0 && bad * 100 > all * percent;
}
