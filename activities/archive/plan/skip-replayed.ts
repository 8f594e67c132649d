import { FILLED_BY_REPLAY, type TopicChoice } from '../../log/select-topics.ts';
import { firstTen } from '../../step/first-ten.ts';
import type { RunPlan } from './plan-file.ts';

/** Says which topics a run leaves to the replays that fill them, although the job's patterns match their names. */
export function leftToReplays({ head }: Pick<RunPlan, 'head'>, { leftOut }: Pick<TopicChoice, 'leftOut'>): void {
  const topics = leftOut.filter(({ why }) => why === FILLED_BY_REPLAY).map(({ topic }) => topic);
  if (topics.length > 0)
    head.remarks.push(
      `${firstTen(topics)}: a replay of Rewind fills or has filled it, and so it is not archived; put it into topics.include by name to archive it, or into topics.exclude`,
    );
}

/**
 * Pins that records which a replay has published are left out of ranges of the topics with a claim, and says so.
 *
 * @param claimed - topics with the claim of a replay, asked for after the ends of the ranges were known
 */
export function skipReplayed({ head, pulls }: RunPlan, claimed: ReadonlySet<string>): void {
  const skipping = new Set<string>();
  for (const { ranges } of pulls)
    for (const range of ranges)
      if (claimed.has(range.topic)) {
        range.skipReplayed = true;
        skipping.add(range.topic);
      }
  if (skipping.size > 0)
    head.remarks.push(
      `a replay of Rewind publishes or has published into ${firstTen([...skipping])}: its records come from an archive and are left out, counted as "replayed"; replayed: "keep" archives them`,
    );
}
