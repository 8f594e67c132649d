import type { RunPlan } from './plan-file.ts';

/** Topics that are named in remarks. */
const MOST_NAMED = 10;

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
  const named = [...skipping].slice(0, MOST_NAMED).join(', ');
  const more = skipping.size > MOST_NAMED ? ` and ${skipping.size - MOST_NAMED} more` : '';
  if (skipping.size > 0)
    head.remarks.push(
      `a replay of Rewind publishes or has published into ${named}${more}: its records come from an archive and are left out, counted as "replayed"; replayed: "keep" archives them`,
    );
}
