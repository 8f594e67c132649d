import type { Cluster } from '../wire/cluster.ts';
import { errorCode } from '../wire/error-codes.ts';
import { answerError } from '../wire/errors.ts';
import { describeConfigs, TOPIC_SETTING } from '../wire/protocol/settings.ts';
import type { ConfigAnswer } from '../wire/protocol/settings.ts';
import type { TopicDescription, TopicSettings } from './admin-port.ts';

/** Topics of one request: each answers with some 30 settings. */
const TOPICS_AT_ONCE = 200;

/** Effective settings of one topic; throws where the broker doesn't tell them. */
export async function topicSettings(cluster: Cluster, topic: string): Promise<TopicDescription['settings']> {
  const [answer] = await (await cluster.anyBroker()).call(describeConfigs, { topics: [topic] });
  if (answer === undefined || answer.error !== 0)
    throw answerError(answer?.error ?? -1, `read the settings of topic ${topic}`, { topic }, answer?.message);
  return settingsOf(answer);
}

/** `AdminPort.describeSettings`. */
export async function describeSettings(cluster: Cluster, topics: readonly string[]): Promise<TopicSettings[]> {
  const found = new Map<string, TopicSettings>();
  for (let at = 0; at < topics.length; at += TOPICS_AT_ONCE) {
    const asked = topics.slice(at, at + TOPICS_AT_ONCE);
    for (const answer of await (await cluster.anyBroker()).call(describeConfigs, { topics: asked }))
      found.set(answer.topic, {
        topic: answer.topic,
        settings: settingsOf(answer),
        ...(answer.error === 0 ? {} : { error: errorCode(answer.error).name }),
      });
  }
  return topics.map((topic) => found.get(topic) ?? { topic, settings: {}, error: errorCode(-1).name });
}

/** `AdminPort.brokerSettings`: of one broker, which stands for all. */
export async function brokerSettings(cluster: Cluster): Promise<Record<string, string>> {
  const [first] = (await cluster.metadata([])).brokers;
  if (first === undefined) throw answerError(-1, 'read the settings of a broker', {});
  const [answer] = await (
    await cluster.broker(first.nodeId)
  ).call(describeConfigs, {
    topics: [],
    node: first.nodeId,
  });
  if (answer === undefined || answer.error !== 0)
    throw answerError(answer?.error ?? -1, `read the settings of broker ${first.nodeId}`, {}, answer?.message);
  return Object.fromEntries(answer.settings.map(({ name, value }) => [name, value ?? '']));
}

function settingsOf({ settings }: ConfigAnswer): TopicDescription['settings'] {
  return Object.fromEntries(
    settings.map(({ name, value, source }) => [name, { value: value ?? '', inherited: source !== TOPIC_SETTING }]),
  );
}
