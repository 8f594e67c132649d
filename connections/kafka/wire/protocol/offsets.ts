import type { Api } from './api.ts';

export const EARLIEST = -2n;
export const LATEST = -1n;

export interface ListOffsetsRequest {
  topics: readonly { topic: string; partitions: readonly number[] }[];
  /** EARLIEST: the log start. LATEST: the log end. Else a time: the first record that is as young or younger. */
  at: bigint;
  /** With LATEST: the first offset of the first open transaction instead of the log end (high watermark). */
  readCommitted: boolean;
}

export interface ListOffsetsAnswer {
  topic: string;
  partition: number;
  error: number;
  /** -1 where no record is as young as the time. */
  offset: bigint;
  /** Of the record at the offset, where a time was asked for; else -1. */
  timestamp: bigint;
  /** -1 before version 4, and where it is unknown. */
  leaderEpoch: number;
}

/** Where the log of partitions begins or ends, or reaches a time; asked from the leader. */
export const listOffsets: Api<ListOffsetsRequest, ListOffsetsAnswer[]> = {
  key: 2,
  name: 'ListOffsets',
  versions: [2, 3, 4, 5],
  encode(writer, { topics, at, readCommitted }, version) {
    writer.int32(-1).int8(readCommitted ? 1 : 0); // replica id of a client
    writer.array(topics, ({ topic, partitions }) =>
      writer.string(topic).array(partitions, (partition) => {
        writer.int32(partition);
        if (version >= 4) writer.int32(-1); // leader epoch: any
        writer.int64(at);
      }),
    );
  },
  decode(reader, version) {
    reader.int32(); // throttle time
    return reader
      .array(() => {
        const topic = reader.string() ?? '';
        return reader.array(() => {
          const { partition, error } = { partition: reader.int32(), error: reader.int16() };
          const { timestamp, offset } = { timestamp: reader.int64(), offset: reader.int64() };
          return { topic, partition, error, timestamp, offset, leaderEpoch: version >= 4 ? reader.int32() : -1 };
        });
      })
      .flat();
  },
};
