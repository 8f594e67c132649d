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
  /** One of Kafka's own. */
  internal: boolean;
  partitions: PartitionMetadata[];
}

export interface PartitionMetadata {
  error: number;
  partition: number;
  /** Node; -1 where there is none. */
  leader: number;
  /** -1 before version 7. */
  leaderEpoch: number;
  replicas: number[];
  inSync: number[];
}

const NO_ID = '0'.repeat(32);

/** Brokers, and topics by name (none: brokers only) or all of them. Never creates a topic. */
export const metadata: Api<{ topics: readonly string[] | 'all' }, ClusterMetadata> = {
  key: 3,
  name: 'Metadata',
  versions: [5, 7, 12],
  flexibleFrom: 9,
  encode(writer, { topics }, version) {
    if (version < 9) {
      if (topics === 'all') writer.int32(-1);
      else writer.array(topics, (topic) => writer.string(topic));
      writer.boolean(false);
      return;
    }
    if (topics === 'all') writer.unsigned(0);
    else writer.compactArray(topics, (topic) => writer.uuid(new Uint8Array(16)).compactString(topic).noTags());
    writer.boolean(false).boolean(false).noTags();
  },
  decode: (reader, version) => (version < 9 ? decodeClassic(reader, version) : decodeFlexible(reader)),
};

function decodeClassic(reader: ProtocolReader, version: number): ClusterMetadata {
  reader.int32(); // throttle time
  const brokers = reader.array(() => {
    const broker = { nodeId: reader.int32(), host: reader.string() ?? '', port: reader.int32() };
    reader.string(); // rack
    return broker;
  });
  reader.string(); // cluster id
  const controllerId = reader.int32();
  const topics = reader.array(() => {
    const topic = { error: reader.int16(), name: reader.string() ?? '', internal: reader.boolean() };
    const partitions = reader.array(() => {
      const found = { error: reader.int16(), partition: reader.int32(), leader: reader.int32() };
      const leaderEpoch = version >= 7 ? reader.int32() : -1;
      const replicas = reader.array(() => reader.int32());
      const inSync = reader.array(() => reader.int32());
      reader.array(() => reader.int32()); // offline replicas
      return { ...found, leaderEpoch, replicas, inSync };
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
    const internal = reader.boolean();
    const partitions = reader.compactArray(() => {
      const found = {
        error: reader.int16(),
        partition: reader.int32(),
        leader: reader.int32(),
        leaderEpoch: reader.int32(),
      };
      const replicas = reader.compactArray(() => reader.int32());
      const inSync = reader.compactArray(() => reader.int32());
      reader.compactArray(() => reader.int32()); // offline replicas
      reader.tags();
      return { ...found, replicas, inSync };
    });
    reader.int32(); // authorized operations
    reader.tags();
    return { ...topic, internal, ...(id === NO_ID ? {} : { id }), partitions };
  });
  reader.tags();
  return { brokers, controllerId, topics };
}
