import type { Api } from './api.ts';

export interface CreateTopicRequest {
  topic: string;
  partitions: number;
  replicationFactor: number;
  settings: Readonly<Record<string, string>>;
  timeoutMs: number;
}

/** Creates one topic; -1 as the replication factor is the broker's default (Kafka 2.4 and newer). */
export const createTopics: Api<CreateTopicRequest, { error: number; message: string | null }> = {
  key: 19,
  name: 'CreateTopics',
  versions: [2, 4],
  encode(writer, { topic, partitions, replicationFactor, settings, timeoutMs }) {
    writer.int32(1).string(topic).int32(partitions).int16(replicationFactor).int32(0); // no assignments
    writer.array(Object.entries(settings), ([name, value]) => writer.string(name).string(value));
    writer.int32(timeoutMs).boolean(false);
  },
  decode(reader) {
    reader.int32(); // throttle time
    const [answer] = reader.array(() => {
      reader.string(); // topic
      return { error: reader.int16(), message: reader.string() };
    });
    return answer ?? { error: -1, message: 'no answer for the topic' };
  },
};

export interface ConfigAnswer {
  error: number;
  message: string | null;
  settings: { name: string; value: string | null; source: number }[];
}

/** The source of a setting that the topic itself has. */
export const TOPIC_SETTING = 1;
const TOPIC_RESOURCE = 2;

/** Effective settings of a topic. */
export const describeConfigs: Api<{ topic: string }, ConfigAnswer> = {
  key: 32,
  name: 'DescribeConfigs',
  versions: [1, 2],
  encode(writer, { topic }) {
    writer.int32(1).int8(TOPIC_RESOURCE).string(topic).int32(-1).boolean(false); // all settings, no synonyms
  },
  decode(reader) {
    reader.int32(); // throttle time
    const [answer] = reader.array(() => {
      const { error, message } = { error: reader.int16(), message: reader.string() };
      reader.int8(); // resource type
      reader.string(); // resource name
      const settings = reader.array(() => {
        const name = reader.string() ?? '';
        const value = reader.string();
        reader.boolean(); // read only
        const source = reader.int8();
        reader.boolean(); // sensitive
        reader.array(() => [reader.string(), reader.string(), reader.int8()]); // synonyms
        return { name, value, source };
      });
      return { error, message, settings };
    });
    return answer ?? { error: -1, message: 'no answer for the topic', settings: [] };
  },
};
