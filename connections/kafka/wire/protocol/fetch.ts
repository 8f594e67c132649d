import type { Api } from './api.ts';

export interface FetchRequest {
  topic: string;
  partition: number;
  offset: bigint;
  /** Bytes after which the broker stops; the first batch is always whole. */
  maxBytes: number;
}

export interface FetchAnswer {
  error: number;
  highWatermark: bigint;
  /** First offset of the first open transaction, or the high watermark: nothing from here on is in `records`. */
  lastStableOffset: bigint;
  logStart: bigint;
  /** Aborted transactions with records in the range of the answer, by first offset. */
  aborted: { producerId: bigint; firstOffset: bigint }[];
  /** Record batches; the last one may be cut. */
  records: Buffer;
}

/** Reads batches of one partition as a read_committed consumer does: up to the last stable offset. */
export const fetch: Api<FetchRequest, FetchAnswer> = {
  key: 1,
  name: 'Fetch',
  versions: [4, 5, 6, 7, 8, 9, 10, 11],
  encode(writer, { topic, partition, offset, maxBytes }, version) {
    writer.int32(-1).int32(0).int32(0).int32(maxBytes).int8(1); // a client, no waiting, read_committed
    if (version >= 7) writer.int32(0).int32(-1); // no fetch session
    writer.int32(1).string(topic).int32(1).int32(partition);
    if (version >= 9) writer.int32(-1); // leader epoch: any
    writer.int64(offset);
    if (version >= 5) writer.int64(-1n); // log start: a follower's
    writer.int32(maxBytes);
    if (version >= 7) writer.int32(0); // forgotten topics
    if (version >= 11) writer.string(''); // rack
  },
  decode(reader, version) {
    reader.int32(); // throttle time
    const session = version >= 7 ? reader.int16() : 0;
    if (version >= 7) reader.int32(); // session id
    const [answer] = reader
      .array(() => {
        reader.string(); // topic
        return reader.array(() => {
          reader.int32(); // partition
          const error = reader.int16();
          const highWatermark = reader.int64();
          const lastStableOffset = reader.int64();
          const logStart = version >= 5 ? reader.int64() : 0n;
          const aborted = reader.array(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
          if (version >= 11) reader.int32(); // preferred read replica
          return { error, highWatermark, lastStableOffset, logStart, aborted, records: reader.bytes() };
        });
      })
      .flat();
    const none = { highWatermark: -1n, lastStableOffset: -1n, logStart: -1n, aborted: [], records: Buffer.alloc(0) };
    return answer ?? { error: session === 0 ? -1 : session, ...none };
  },
};
