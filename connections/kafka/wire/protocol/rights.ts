import type { Api } from './api.ts';

/** What a login may do with a resource: bit N stands for the operation N of `org.apache.kafka.common.acl.AclOperation`. */
export interface RightsAnswer {
  error: number;
  /** Undefined where the broker left it out. */
  operations: number | undefined;
}

/** Stands for an answer that was left out. */
const LEFT_OUT = -0x8000_0000;

/** What this login may do with a topic (Kafka 2.3 and newer). Never creates one. */
export const topicRights: Api<{ topic: string }, RightsAnswer> = {
  key: 3,
  name: 'Metadata',
  versions: [8],
  encode(writer, { topic }) {
    writer.array([topic], (name) => writer.string(name));
    writer.boolean(false).boolean(false).boolean(true); // create it, rights on the cluster, rights on topics
  },
  decode(reader) {
    reader.int32(); // throttle time
    reader.array(() => [reader.int32(), reader.string(), reader.int32(), reader.string()]); // brokers
    reader.string(); // cluster id
    reader.int32(); // controller
    const [answer] = reader.array(() => {
      const error = reader.int16();
      reader.string(); // name
      reader.boolean(); // internal
      reader.array(() => {
        reader.int16(); // error
        for (let field = 0; field < 3; field++) reader.int32(); // partition, leader, leader's epoch
        for (let list = 0; list < 3; list++) reader.array(() => reader.int32()); // replicas, in sync, offline
      });
      return { error, operations: told(reader.int32()) };
    });
    return answer ?? { error: -1, operations: undefined };
  },
};

/** What this login may do with a group, which need not be there (Kafka 2.3 and newer). */
export const groupRights: Api<{ group: string }, RightsAnswer> = {
  key: 15,
  name: 'DescribeGroups',
  versions: [3],
  encode: (writer, { group }) => void writer.array([group], (name) => writer.string(name)).boolean(true),
  decode(reader) {
    reader.int32(); // throttle time
    const [answer] = reader.array(() => {
      const error = reader.int16();
      for (let field = 0; field < 4; field++) reader.string(); // group, state, protocol's type, protocol
      reader.array(() => {
        for (let field = 0; field < 3; field++) reader.string(); // member id, client id, host
        reader.bytes(); // metadata
        reader.bytes(); // assignment
      });
      return { error, operations: told(reader.int32()) };
    });
    return answer ?? { error: -1, operations: undefined };
  },
};

function told(operations: number): number | undefined {
  return operations === LEFT_OUT ? undefined : operations;
}
