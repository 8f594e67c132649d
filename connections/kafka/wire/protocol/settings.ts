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
const BROKER_RESOURCE = 4;

/** Effective settings of topics, or of the broker that is asked, by its node. */
export const describeConfigs: Api<{ topics: readonly string[]; node?: number }, ConfigAnswer[]> = {
  key: 32,
  name: 'DescribeConfigs',
  versions: [1, 2],
  encode(writer, { topics, node }) {
    const resources = [
      ...topics.map((name) => ({ type: TOPIC_RESOURCE, name })),
      ...(node === undefined ? [] : [{ type: BROKER_RESOURCE, name: String(node) }]),
    ];
    writer.array(resources, ({ type, name }) => writer.int8(type).string(name).int32(-1)); // all settings
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
