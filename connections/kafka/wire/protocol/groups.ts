import type { Api } from './api.ts';

export const GROUP_COORDINATOR = 0;
export const TRANSACTION_COORDINATOR = 1;

export interface CoordinatorAnswer {
  error: number;
  message: string | null;
  nodeId: number;
  host: string;
  port: number;
}

/** Which broker is in charge of a consumer group or a transactional id. */
export const findCoordinator: Api<{ key: string; type: number }, CoordinatorAnswer> = {
  key: 10,
  name: 'FindCoordinator',
  versions: [1, 2],
  encode: (writer, { key, type }) => void writer.string(key).int8(type),
  decode(reader) {
    reader.int32(); // throttle time
    const { error, message } = { error: reader.int16(), message: reader.string() };
    return { error, message, nodeId: reader.int32(), host: reader.string() ?? '', port: reader.int32() };
  },
};

export interface OffsetFetchRequest {
  group: string;
  topic: string;
  partitions: readonly number[];
  /** Whether an offset of a transaction that has not ended is an error, or the offset before it is the answer. */
  stable: boolean;
}

export interface OffsetFetchAnswer {
  error: number;
  partitions: { partition: number; error: number; offset: bigint; metadata: string }[];
}

/**
 * Committed offsets of a group for a topic; -1 where there is none. From version 7 (Kafka 2.5) on an offset of a
 * transaction that has not ended is UNSTABLE_OFFSET_COMMIT if `stable` is asked for; else it is the one before.
 */
export const offsetFetch: Api<OffsetFetchRequest, OffsetFetchAnswer> = {
  key: 9,
  name: 'OffsetFetch',
  versions: [3, 4, 5, 7],
  flexibleFrom: 6,
  encode(writer, { group, topic, partitions, stable }, version) {
    if (version < 6) {
      writer.string(group).int32(1).string(topic);
      writer.array(partitions, (partition) => writer.int32(partition));
      return;
    }
    writer.compactString(group).unsigned(2).compactString(topic);
    writer.compactArray(partitions, (partition) => writer.int32(partition)).noTags();
    writer.boolean(stable).noTags();
  },
  decode(reader, version) {
    const flexible = version >= 6;
    const string = (): string => (flexible ? reader.compactString() : reader.string()) ?? '';
    const array = <T>(element: () => T): T[] => (flexible ? reader.compactArray(element) : reader.array(element));
    const end = (): void => (flexible ? reader.tags() : undefined);
    reader.int32(); // throttle time
    const partitions = array(() => {
      string(); // topic
      const found = array(() => {
        const { partition, offset } = { partition: reader.int32(), offset: reader.int64() };
        if (version >= 5) reader.int32(); // leader epoch
        const committed = { partition, offset, metadata: string(), error: reader.int16() };
        end();
        return committed;
      });
      end();
      return found;
    }).flat();
    return { partitions, error: reader.int16() };
  },
};

export interface GroupAnswer {
  error: number;
  state: string;
  members: number;
}

/** State and members of a group of the classic protocol; 'Dead' where there is none of it. */
export const describeGroups: Api<{ group: string }, GroupAnswer> = {
  key: 15,
  name: 'DescribeGroups',
  versions: [1, 2],
  encode: (writer, { group }) => void writer.int32(1).string(group),
  decode(reader) {
    reader.int32(); // throttle time
    const [answer] = reader.array(() => {
      const error = reader.int16();
      reader.string(); // group
      const state = reader.string() ?? '';
      reader.string(); // protocol type
      reader.string(); // protocol
      const members = reader.array(() => {
        for (let field = 0; field < 3; field++) reader.string(); // member id, client id, host
        reader.bytes(); // metadata
        reader.bytes(); // assignment
      }).length;
      return { error, state, members };
    });
    return answer ?? { error: -1, state: '', members: 0 };
  },
};

/** State and members of a group of the consumer protocol (KIP-848, Kafka 4.0 and newer). */
export const describeConsumerGroups: Api<{ group: string }, GroupAnswer & { message: string | null }> = {
  key: 69,
  name: 'ConsumerGroupDescribe',
  versions: [0],
  flexibleFrom: 0,
  encode(writer, { group }) {
    writer
      .compactArray([group], (id) => writer.compactString(id))
      .boolean(false)
      .noTags();
  },
  decode(reader) {
    const assignment = (): void => {
      reader.compactArray(() => {
        reader.uuid(); // topic id
        reader.compactString(); // topic
        reader.compactArray(() => reader.int32());
        reader.tags();
      });
      reader.tags();
    };
    reader.int32(); // throttle time
    const [answer] = reader.compactArray(() => {
      const { error, message } = { error: reader.int16(), message: reader.compactString() };
      reader.compactString(); // group
      const state = reader.compactString() ?? '';
      reader.int32(); // group epoch
      reader.int32(); // assignment epoch
      reader.compactString(); // assignor
      const members = reader.compactArray(() => {
        for (let field = 0; field < 3; field++) reader.compactString(); // member, instance, rack
        reader.int32(); // member epoch
        reader.compactString(); // client id
        reader.compactString(); // host
        reader.compactArray(() => reader.compactString()); // subscribed topics
        reader.compactString(); // subscribed pattern
        assignment();
        assignment();
        reader.tags();
      }).length;
      reader.int32(); // authorized operations
      reader.tags();
      return { error, message, state, members };
    });
    reader.tags();
    return answer ?? { error: -1, message: null, state: '', members: 0 };
  },
};

/** Groups that a broker is in charge of; whoever may not see all of them is told those that it may. */
export const listGroups: Api<Record<string, never>, { error: number; groups: string[] }> = {
  key: 16,
  name: 'ListGroups',
  versions: [1, 2],
  encode: () => undefined,
  decode(reader) {
    reader.int32(); // throttle time
    const error = reader.int16();
    const groups = reader.array(() => {
      const group = reader.string() ?? '';
      reader.string(); // type of its protocol
      return group;
    });
    return { error, groups };
  },
};
