import type { Api } from './api.ts';
import type { ProtocolReader } from './protocol-reader.ts';

export interface ClusterMetadata {
  brokers: { nodeId: number; host: string; port: number }[];
  controllerId: number;
  topics: TopicMetadata[];
}

export interface TopicMetadata {
  error: number;
  name: string;
  /** Id of this incarnation of the topic in hexadecimal digits, from brokers of 3.1 and newer. */
  id?: string;
  partitions: { error: number; partition: number; leader: number; replicas: number }[];
}

const NO_ID = '0'.repeat(32);

/** Brokers, and topics by name (none: brokers only). Never creates a topic. */
export const metadata: Api<{ topics: readonly string[] }, ClusterMetadata> = {
  key: 3,
  name: 'Metadata',
  versions: [5, 12],
  flexibleFrom: 9,
  encode(writer, { topics }, version) {
    if (version < 9) {
      writer.array(topics, (topic) => writer.string(topic)).boolean(false);
      return;
    }
    writer.compactArray(topics, (topic) => writer.uuid(new Uint8Array(16)).compactString(topic).noTags());
    writer.boolean(false).boolean(false).noTags();
  },
  decode: (reader, version) => (version < 9 ? decodeClassic(reader) : decodeFlexible(reader)),
};

function decodeClassic(reader: ProtocolReader): ClusterMetadata {
  reader.int32(); // throttle time
  const brokers = reader.array(() => {
    const broker = { nodeId: reader.int32(), host: reader.string() ?? '', port: reader.int32() };
    reader.string(); // rack
    return broker;
  });
  reader.string(); // cluster id
  const controllerId = reader.int32();
  const topics = reader.array(() => {
    const topic = { error: reader.int16(), name: reader.string() ?? '' };
    reader.boolean(); // internal
    const partitions = reader.array(() => {
      const found = { error: reader.int16(), partition: reader.int32(), leader: reader.int32() };
      const replicas = reader.array(() => reader.int32()).length;
      reader.array(() => reader.int32()); // in-sync replicas
      reader.array(() => reader.int32()); // offline replicas
      return { ...found, replicas };
    });
    return { ...topic, partitions };
  });
  return { brokers, controllerId, topics };
}

function decodeFlexible(reader: ProtocolReader): ClusterMetadata {
  reader.int32(); // throttle time
  const brokers = reader.compactArray(() => {
    const broker = { nodeId: reader.int32(), host: reader.compactString() ?? '', port: reader.int32() };
    reader.compactString(); // rack
    reader.tags();
    return broker;
  });
  reader.compactString(); // cluster id
  const controllerId = reader.int32();
  const topics = reader.compactArray(() => {
    const topic = { error: reader.int16(), name: reader.compactString() ?? '' };
    const id = reader.uuid();
    reader.boolean(); // internal
    const partitions = reader.compactArray(() => {
      const found = { error: reader.int16(), partition: reader.int32(), leader: reader.int32() };
      reader.int32(); // leader epoch
      const replicas = reader.compactArray(() => reader.int32()).length;
      reader.compactArray(() => reader.int32()); // in-sync replicas
      reader.compactArray(() => reader.int32()); // offline replicas
      reader.tags();
      return { ...found, replicas };
    });
    reader.int32(); // authorized operations
    reader.tags();
    return { ...topic, ...(id === NO_ID ? {} : { id }), partitions };
  });
  reader.tags();
  return { brokers, controllerId, topics };
}
