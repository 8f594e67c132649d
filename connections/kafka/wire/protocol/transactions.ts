import type { Api } from './api.ts';
import type { ProtocolWriter } from './protocol-writer.ts';

/** Who writes: every request of a transaction carries it, and a coordinator or leader refuses an old epoch. */
export interface ProducerIdentity {
  transactionalId: string;
  producerId: bigint;
  epoch: number;
}

export interface TopicPartitions {
  topic: string;
  partitions: readonly number[];
}

type PartitionErrors = { topic: string; partition: number; error: number }[];

/** Fences earlier producers of a transactional id, ends what they left open, and gives a new epoch. */
export const initProducerId: Api<
  { transactionalId: string; timeoutMs: number },
  { error: number; producerId: bigint; epoch: number }
> = {
  key: 22,
  name: 'InitProducerId',
  versions: [0, 1],
  encode: (writer, { transactionalId, timeoutMs }) => void writer.string(transactionalId).int32(timeoutMs),
  decode(reader) {
    reader.int32(); // throttle time
    return { error: reader.int16(), producerId: reader.int64(), epoch: reader.int16() };
  },
};

export const addPartitionsToTxn: Api<ProducerIdentity & { topics: readonly TopicPartitions[] }, PartitionErrors> = {
  key: 24,
  name: 'AddPartitionsToTxn',
  versions: [0, 1],
  encode(writer, request) {
    identity(writer, request).array(request.topics, ({ topic, partitions }) =>
      writer.string(topic).array(partitions, (partition) => writer.int32(partition)),
    );
  },
  decode(reader) {
    reader.int32(); // throttle time
    return reader
      .array(() => {
        const topic = reader.string() ?? '';
        return reader.array(() => ({ topic, partition: reader.int32(), error: reader.int16() }));
      })
      .flat();
  },
};

export const addOffsetsToTxn: Api<ProducerIdentity & { group: string }, { error: number }> = {
  key: 25,
  name: 'AddOffsetsToTxn',
  versions: [0, 1],
  encode: (writer, request) => void identity(writer, request).string(request.group),
  decode(reader) {
    reader.int32(); // throttle time
    return { error: reader.int16() };
  },
};

export interface TxnOffsetCommitRequest extends ProducerIdentity {
  group: string;
  topic: string;
  offsets: readonly { partition: number; offset: bigint; metadata: string }[];
}

export const txnOffsetCommit: Api<TxnOffsetCommitRequest, PartitionErrors> = {
  key: 28,
  name: 'TxnOffsetCommit',
  versions: [0, 1],
  encode(writer, { transactionalId, group, producerId, epoch, topic, offsets }) {
    writer.string(transactionalId).string(group).int64(producerId).int16(epoch).int32(1).string(topic);
    writer.array(offsets, ({ partition, offset, metadata }) => writer.int32(partition).int64(offset).string(metadata));
  },
  decode: (reader, version) => addPartitionsToTxn.decode(reader, version),
};

export const endTxn: Api<ProducerIdentity & { commit: boolean }, { error: number }> = {
  key: 26,
  name: 'EndTxn',
  versions: [0, 1],
  encode: (writer, request) => void identity(writer, request).boolean(request.commit),
  decode: (reader, version) => addOffsetsToTxn.decode(reader, version),
};

/** What a coordinator knows of a transactional id: `Empty`, `Ongoing`, `PrepareCommit`, `CompleteCommit`, and so on. */
export const describeTransactions: Api<{ transactionalId: string }, { error: number; state: string }> = {
  key: 65,
  name: 'DescribeTransactions',
  versions: [0],
  flexibleFrom: 0,
  encode: (writer, { transactionalId }) =>
    void writer.compactArray([transactionalId], (id) => writer.compactString(id)).noTags(),
  decode(reader) {
    reader.int32(); // throttle time
    const [answer] = reader.compactArray(() => {
      const error = reader.int16();
      reader.compactString(); // transactional id
      const state = reader.compactString() ?? '';
      reader.int32(); // time-out
      reader.int64(); // start
      reader.int64(); // producer id
      reader.int16(); // epoch
      reader.compactArray(() => {
        reader.compactString(); // topic
        reader.compactArray(() => reader.int32());
        reader.tags();
      });
      reader.tags();
      return { error, state };
    });
    reader.tags();
    return answer ?? { error: -1, state: '' };
  },
};

export interface ActiveProducer {
  producerId: bigint;
  producerEpoch: number;
  lastTimestamp: bigint;
  /** -1: it has no transaction open. */
  transactionStart: bigint;
}

/** Producers that a partition's leader knows (Kafka 2.8 and newer). */
export const describeProducers: Api<
  { topic: string; partition: number },
  { error: number; message: string | null; producers: ActiveProducer[] }
> = {
  key: 61,
  name: 'DescribeProducers',
  versions: [0],
  flexibleFrom: 0,
  encode(writer, { topic, partition }) {
    writer
      .unsigned(2)
      .compactString(topic)
      .compactArray([partition], (value) => writer.int32(value));
    writer.noTags().noTags();
  },
  decode(reader) {
    reader.int32(); // throttle time
    const [answer] = reader
      .compactArray(() => {
        reader.compactString(); // topic
        const partitions = reader.compactArray(() => {
          reader.int32(); // partition
          const { error, message } = { error: reader.int16(), message: reader.compactString() };
          const producers = reader.compactArray(() => {
            const { producerId, producerEpoch } = { producerId: reader.int64(), producerEpoch: reader.int32() };
            reader.int32(); // last sequence number
            const lastTimestamp = reader.int64();
            reader.int32(); // epoch of the coordinator
            const producer = { producerId, producerEpoch, lastTimestamp, transactionStart: reader.int64() };
            reader.tags();
            return producer;
          });
          reader.tags();
          return { error, message, producers };
        });
        reader.tags();
        return partitions;
      })
      .flat();
    reader.tags();
    return answer ?? { error: -1, message: null, producers: [] };
  },
};

function identity(writer: ProtocolWriter, { transactionalId, producerId, epoch }: ProducerIdentity): ProtocolWriter {
  return writer.string(transactionalId).int64(producerId).int16(epoch);
}
