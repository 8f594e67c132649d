import type { Api } from './api.ts';

export const EARLIEST = -2n;
export const LATEST = -1n;

export interface ListOffsetsRequest {
  topic: string;
  partitions: readonly number[];
  /** EARLIEST: the log start. LATEST: the log end. */
  at: bigint;
  /** With LATEST: the first offset of the first open transaction instead of the log end (high watermark). */
  readCommitted: boolean;
}

export interface ListOffsetsAnswer {
  partition: number;
  error: number;
  offset: bigint;
}

/** Where the log of partitions begins or ends; asked from the leader. */
export const listOffsets: Api<ListOffsetsRequest, ListOffsetsAnswer[]> = {
  key: 2,
  name: 'ListOffsets',
  versions: [2, 3],
  encode(writer, { topic, partitions, at, readCommitted }) {
    writer.int32(-1).int8(readCommitted ? 1 : 0); // replica id of a client
    writer.int32(1).string(topic);
    writer.array(partitions, (partition) => writer.int32(partition).int64(at));
  },
  decode(reader) {
    reader.int32(); // throttle time
    return reader
      .array(() => {
        reader.string(); // topic
        return reader.array(() => {
          const { partition, error } = { partition: reader.int32(), error: reader.int16() };
          reader.int64(); // timestamp
          return { partition, error, offset: reader.int64() };
        });
      })
      .flat();
  },
};
