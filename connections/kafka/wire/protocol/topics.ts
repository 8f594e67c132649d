import type { Api } from './api.ts';
import type { ProtocolReader } from './protocol-reader.ts';

export interface CreateTopicRequest {
  topic: string;
  partitions: number;
  replicationFactor: number;
  settings: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** Only checks whether the topic would be created. */
  validateOnly: boolean;
}

export interface CreateTopicAnswer {
  error: number;
  message: string | null;
  /** What the topic has, or would have; undefined from brokers before 2.4, and for who may not see its settings. */
  created: { replicas: number; settings: Record<string, string> } | undefined;
}

/** Creates one topic; -1 as the replication factor is the broker's default (Kafka 2.4 and newer). */
export const createTopics: Api<CreateTopicRequest, CreateTopicAnswer> = {
  key: 19,
  name: 'CreateTopics',
  versions: [2, 4, 5],
  flexibleFrom: 5,
  encode(writer, { topic, partitions, replicationFactor, settings, timeoutMs, validateOnly }, version) {
    const entries = Object.entries(settings);
    if (version < 5) {
      writer.int32(1).string(topic).int32(partitions).int16(replicationFactor).int32(0); // no assignments
      writer.array(entries, ([name, value]) => writer.string(name).string(value));
      writer.int32(timeoutMs).boolean(validateOnly);
      return;
    }
    writer.unsigned(2).compactString(topic).int32(partitions).int16(replicationFactor).unsigned(1); // no assignments
    writer.compactArray(entries, ([name, value]) => writer.compactString(name).compactString(value).noTags());
    writer.noTags().int32(timeoutMs).boolean(validateOnly).noTags();
  },
  decode: (reader, version) => (version < 5 ? decodeClassic(reader) : decodeFlexible(reader)),
};

const NO_ANSWER: CreateTopicAnswer = { error: -1, message: 'no answer for the topic', created: undefined };

function decodeClassic(reader: ProtocolReader): CreateTopicAnswer {
  reader.int32(); // throttle time
  const [answer] = reader.array(() => {
    reader.string(); // topic
    return { error: reader.int16(), message: reader.string(), created: undefined };
  });
  return answer ?? NO_ANSWER;
}

function decodeFlexible(reader: ProtocolReader): CreateTopicAnswer {
  reader.int32(); // throttle time
  const [answer] = reader.compactArray(() => {
    reader.compactString(); // topic
    const { error, message } = { error: reader.int16(), message: reader.compactString() };
    reader.int32(); // partitions
    const replicas = reader.int16();
    const settings = reader.compactArray(() => {
      const setting = [reader.compactString() ?? '', reader.compactString() ?? ''] as const;
      reader.boolean(); // read only
      reader.int8(); // source
      reader.boolean(); // sensitive
      reader.tags();
      return setting;
    });
    reader.tags();
    const created = replicas < 0 ? undefined : { replicas, settings: Object.fromEntries(settings) };
    return { error, message, created };
  });
  return answer ?? NO_ANSWER;
}
