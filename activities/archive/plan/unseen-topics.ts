import type { AdminPort } from '../../../connections/kafka/admin/admin-port.ts';
import { namesMatching } from '../../log/names-matching.ts';
import type { TopicChoice } from '../../log/select-topics.ts';
import { isTopicName } from '../../replay/job/topic-name.ts';
import { firstTen } from '../../step/first-ten.ts';

/** Topics that are asked about in one request. */
const NAMES_AT_ONCE = 200;

export interface UnseenTopics {
  /** Topics that are not there, as far as this login can know. */
  remarks: string[];
  /** Topics that the login may not describe, as the brokers say: by topic. */
  problems: Map<string, string>;
}

/**
 * Says which topics the job means and the brokers don't list. One that was deleted, one that is misspelled, and one that the
 * login may not describe look alike in a list, and none of them may be dropped in silence. Asked by name, brokers tell the
 * last one from the others.
 *
 * @param known - topics of the history
 */
export async function unseenTopics(
  kafka: Pick<AdminPort, 'listTopics'>,
  { taken, leftOut }: TopicChoice,
  { include, exclude }: { include: readonly string[]; exclude: readonly string[] },
  known: ReadonlySet<string>,
): Promise<UnseenTopics> {
  const named = include.map((pattern) => ({ pattern, name: pattern.replaceAll('\\.', '.') }));
  const names = [...known, ...named.map(({ name }) => name)];
  const [included, excluded] = [namesMatching(include, names), namesMatching(exclude, names)];
  const there = [...taken, ...leftOut].map(({ topic }) => topic);
  const seen = new Set(there);
  const unseen = (topic: string): boolean => !seen.has(topic) && !excluded.has(topic);
  const gone = [...known].filter((topic) => unseen(topic) && (include.length === 0 || included.has(topic)));
  const missing = named.filter(
    ({ pattern, name }) =>
      isTopicName(name) && unseen(name) && !known.has(name) && namesMatching([pattern], there).size === 0,
  );
  const hidden = await hiddenOf(kafka, [...new Set([...gone, ...missing.map(({ name }) => name)])]);
  return {
    remarks: [
      ...remark(
        gone.filter((topic) => !hidden.has(topic)),
        "archived before, and the brokers don't tell of it now: it was deleted; its offsets are kept. Exclude what is gone for good",
      ),
      ...remark(
        missing.filter(({ name }) => !hidden.has(name)).map(({ pattern }) => pattern),
        "named in topics.include, and the brokers don't tell of it: it is not created yet, or misspelled",
      ),
    ],
    problems: new Map([...hidden].sort().map((topic) => [topic, hiddenText(topic)])),
  };
}

/** Those of topics that this login may not describe. */
async function hiddenOf(kafka: Pick<AdminPort, 'listTopics'>, names: readonly string[]): Promise<Set<string>> {
  const hidden = new Set<string>();
  for (let at = 0; at < names.length; at += NAMES_AT_ONCE)
    for (const { topic, error } of await kafka.listTopics(names.slice(at, at + NAMES_AT_ONCE)))
      if (error === 'TOPIC_AUTHORIZATION_FAILED') hidden.add(topic);
  return hidden;
}

/** To whom a topic is hidden brokers don't say whether it exists. */
function hiddenText(topic: string): string {
  return `${topic}: the brokers answered TOPIC_AUTHORIZATION_FAILED: the login of the worker may not describe it, or it was deleted and its rights with it. Nothing of it is archived. Grant READ and DESCRIBE on it; put it into topics.exclude if it is gone for good`;
}

function remark(topics: readonly string[], what: string): string[] {
  return topics.length === 0 ? [] : [`${firstTen(topics.toSorted())}: ${what}`];
}
