import type { Api } from './api.ts';

export interface EpochEndsRequest {
  topics: readonly { topic: string; partitions: readonly { partition: number; leaderEpoch: number }[] }[];
}

export interface EpochEndsAnswer {
  topic: string;
  partition: number;
  error: number;
  /** One past the last record that a leader of the epoch, or of one before it, wrote; -1 where the leader knows none. */
  end: bigint;
}

/** Where the records of leaders up to an epoch end; asked from the leader of now (KIP-320). */
export const epochEnds: Api<EpochEndsRequest, EpochEndsAnswer[]> = {
  key: 23,
  name: 'OffsetForLeaderEpoch',
  versions: [3],
  encode(writer, { topics }) {
    writer.int32(-1); // replica id of a client
    writer.array(topics, ({ topic, partitions }) =>
      writer.string(topic).array(partitions, ({ partition, leaderEpoch }) => {
        writer.int32(partition).int32(-1).int32(leaderEpoch); // whatever epoch the leader of now has
      }),
    );
  },
  decode(reader) {
    reader.int32(); // throttle time
    return reader
      .array(() => {
        const topic = reader.string() ?? '';
        return reader.array(() => {
          const { error, partition } = { error: reader.int16(), partition: reader.int32() };
          reader.int32(); // the largest epoch up to the one that was asked for
          return { topic, partition, error, end: reader.int64() };
        });
      })
      .flat();
  },
};
