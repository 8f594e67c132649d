import type { Api } from './api.ts';

export interface ConfigAnswer {
  topic: string;
  error: number;
  message: string | null;
  settings: { name: string; value: string | null; source: number }[];
}

/** The source of a setting that the topic itself has. */
export const TOPIC_SETTING = 1;
const TOPIC_RESOURCE = 2;

/** Effective settings of topics. */
export const describeConfigs: Api<{ topics: readonly string[] }, ConfigAnswer[]> = {
  key: 32,
  name: 'DescribeConfigs',
  versions: [1, 2],
  encode(writer, { topics }) {
    writer.array(topics, (topic) => writer.int8(TOPIC_RESOURCE).string(topic).int32(-1)); // all settings
    writer.boolean(false); // no synonyms
  },
  decode(reader) {
    reader.int32(); // throttle time
    return reader.array(() => {
      const { error, message } = { error: reader.int16(), message: reader.string() };
      reader.int8(); // resource type
      const topic = reader.string() ?? '';
      const settings = reader.array(() => {
        const name = reader.string() ?? '';
        const value = reader.string();
        reader.boolean(); // read only
        const source = reader.int8();
        reader.boolean(); // sensitive
        reader.array(() => [reader.string(), reader.string(), reader.int8()]); // synonyms
        return { name, value, source };
      });
      return { topic, error, message, settings };
    });
  },
};
