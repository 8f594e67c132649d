import type { TopicOverview } from '../../connections/kafka/admin/admin-port.ts';
import { namesMatching } from './names-matching.ts';

export interface TopicChoice {
  taken: TopicOverview[];
  leftOut: { topic: string; why: string }[];
}

/** Why a topic with the claim of a replay is left out. */
export const FILLED_BY_REPLAY = 'a replay of Rewind fills it; include it by its name to archive it';

/** Brokers don't call all of them internal in every release. */
const KAFKAS_OWN: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
  '__cluster_metadata',
  '__remote_log_metadata',
]);

/**
 * The topics that a run archives, in the order of their names. A pattern must match a whole name, and `exclude` wins, as
 * in Camus. Internal topics are never taken; a topic that a replay of Rewind fills only when a pattern is its very name.
 *
 * @param replays - topics that hold the claim of a replay
 * @param known - topics of the history: the source that a replay was let into stays in its archive
 * @throws JobError 'input-invalid' for a pattern that does not come to an end
 */
export function selectTopics(
  topics: readonly TopicOverview[],
  { include, exclude }: { include: readonly string[]; exclude: readonly string[] },
  replays: ReadonlySet<string>,
  known: ReadonlySet<string> = new Set(),
): TopicChoice {
  const names = topics.map(({ topic }) => topic);
  const [included, excluded] = [namesMatching(include, names), namesMatching(exclude, names)];
  const choice: TopicChoice = { taken: [], leftOut: [] };
  for (const overview of topics.toSorted((a, b) => (a.topic < b.topic ? -1 : 1))) {
    const { topic, internal } = overview;
    const named = include.some((pattern) => pattern.replaceAll('\\.', '.') === topic);
    const why =
      internal || KAFKAS_OWN.has(topic)
        ? 'internal'
        : excluded.has(topic)
          ? 'excluded'
          : include.length > 0 && !included.has(topic)
            ? 'not included'
            : replays.has(topic) && !named && !known.has(topic)
              ? FILLED_BY_REPLAY
              : undefined;
    if (why === undefined) choice.taken.push(overview);
    else choice.leftOut.push({ topic, why });
  }
  return choice;
}
