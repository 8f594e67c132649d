import { namesMatching } from '../../log/names-matching.ts';
import type { TopicChoice } from '../../log/select-topics.ts';
import { isTopicName } from '../../replay/job/topic-name.ts';

/** Topics that are named in a remark. */
const MOST_NAMED = 10;

/**
 * Says which topics the job means and the brokers don't tell of. One that was deleted, one that is misspelled, and one that
 * the login may not describe look alike, and none of them may be dropped in silence.
 *
 * @param known - topics of the history
 */
export function unseenRemarks(
  { taken, leftOut }: TopicChoice,
  { include, exclude }: { include: readonly string[]; exclude: readonly string[] },
  known: ReadonlySet<string>,
): string[] {
  const named = include.map((pattern) => ({ pattern, name: pattern.replaceAll('\\.', '.') }));
  const names = [...known, ...named.map(({ name }) => name)];
  const [included, excluded] = [namesMatching(include, names), namesMatching(exclude, names)];
  const there = [...taken, ...leftOut].map(({ topic }) => topic);
  const seen = new Set(there);
  const unseen = (topic: string): boolean => !seen.has(topic) && !excluded.has(topic);
  const gone = [...known].filter((topic) => unseen(topic) && (include.length === 0 || included.has(topic)));
  const remarks: string[] = [];
  if (gone.length > 0)
    remarks.push(
      `${listed(gone)}: archived before, and the brokers don't tell of it now: it was deleted, or the login of the worker may not describe it; its offsets are kept. Exclude what is gone for good`,
    );
  const missing = named.flatMap(({ pattern, name }) => {
    const isMissing = isTopicName(name) && unseen(name) && !known.has(name);
    return isMissing && namesMatching([pattern], there).size === 0 ? [pattern] : [];
  });
  if (missing.length > 0)
    remarks.push(
      `${listed(missing)}: named in topics.include, and the brokers don't tell of it: it is not created yet, or misspelled, or the login of the worker may not describe it`,
    );
  return remarks;
}

function listed(topics: readonly string[]): string {
  const more = topics.length - MOST_NAMED;
  return `${topics.toSorted().slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
