import type { Api } from './api.ts';
import type { ProtocolReader } from './protocol-reader.ts';
import type { ProtocolWriter } from './protocol-writer.ts';

export interface FetchRequest {
  topic: string;
  /** For `fetchById`: of the incarnation of the topic that is meant. */
  topicId: string;
  partition: number;
  offset: bigint;
  /** Bytes after which the broker stops; the first batch is always whole. */
  maxBytes: number;
  /** Up to the last stable offset, with the aborted transactions; else up to the high watermark. */
  readCommitted: boolean;
  /** Milliseconds that the broker may wait for a first byte. */
  maxWaitMs: number;
}

export interface FetchAnswer {
  error: number;
  /** Above 0: the broker wants to be left alone for so long, and has sent nothing. */
  throttledMs: number;
  highWatermark: bigint;
  /** First offset of the first open transaction, or the high watermark: nothing from here on is read as committed. */
  lastStableOffset: bigint;
  logStart: bigint;
  /** Aborted transactions with records in the range of the answer, by first offset. */
  aborted: { producerId: bigint; firstOffset: bigint }[];
  /** Record batches; the last one may be cut. */
  records: Buffer;
}

const NOTHING = { highWatermark: -1n, lastStableOffset: -1n, logStart: -1n, aborted: [], records: Buffer.alloc(0) };

/** Reads batches of one partition of a topic of that name, whichever incarnation it is. */
export const fetch: Api<FetchRequest, FetchAnswer> = {
  key: 1,
  name: 'Fetch',
  versions: [4, 5, 6, 7, 8, 9, 10, 11],
  encode(writer, request, version) {
    const { topic, partition, offset, maxBytes } = request;
    encodeLimits(writer, request);
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
    const throttledMs = reader.int32();
    const session = version >= 7 ? reader.int16() : 0;
    if (version >= 7) reader.int32(); // session id
    const [answer] = reader
      .array(() => {
        reader.string(); // topic
        return reader.array(() => {
          reader.int32(); // partition
          const { error, highWatermark } = { error: reader.int16(), highWatermark: reader.int64() };
          const lastStableOffset = reader.int64();
          const logStart = version >= 5 ? reader.int64() : 0n;
          const aborted = reader.array(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
          if (version >= 11) reader.int32(); // preferred read replica
          return { error, highWatermark, lastStableOffset, logStart, aborted, records: reader.bytes() };
        });
      })
      .flat();
    return { throttledMs, ...(answer ?? noPartition(session, throttledMs)) };
  },
};

/** Reads batches of one partition of just that topic (Kafka 3.1 and newer): one re-created since is an error. */
export const fetchById: Api<FetchRequest, FetchAnswer> = {
  key: 1,
  name: 'Fetch',
  versions: [13],
  flexibleFrom: 12,
  encode(writer, request) {
    const { topicId, partition, offset, maxBytes } = request;
    encodeLimits(writer, request);
    writer.int32(0).int32(-1); // no fetch session
    writer.unsigned(2).uuid(Buffer.from(topicId, 'hex')).unsigned(2).int32(partition);
    writer.int32(-1).int64(offset).int32(-1).int64(-1n).int32(maxBytes); // any epoch, no epoch before, no log start
    writer.noTags().noTags();
    writer.unsigned(1).compactString('').noTags(); // no forgotten topics, no rack
  },
  decode(reader) {
    const throttledMs = reader.int32();
    const session = reader.int16();
    reader.int32(); // session id
    const [answer] = reader
      .compactArray(() => {
        reader.uuid();
        const partitions = reader.compactArray(() => decodePartition(reader));
        reader.tags();
        return partitions;
      })
      .flat();
    return { throttledMs, ...(answer ?? noPartition(session, throttledMs)) };
  },
};

function encodeLimits(writer: ProtocolWriter, { maxWaitMs, maxBytes, readCommitted }: FetchRequest): void {
  writer.int32(-1).int32(maxWaitMs).int32(1).int32(maxBytes); // a client; answered as soon as there is a byte
  writer.int8(readCommitted ? 1 : 0);
}

function decodePartition(reader: ProtocolReader): Omit<FetchAnswer, 'throttledMs'> {
  reader.int32(); // partition
  const { error, highWatermark } = { error: reader.int16(), highWatermark: reader.int64() };
  const { lastStableOffset, logStart } = { lastStableOffset: reader.int64(), logStart: reader.int64() };
  const aborted = reader.compactArray(() => {
    const transaction = { producerId: reader.int64(), firstOffset: reader.int64() };
    reader.tags();
    return transaction;
  });
  reader.int32(); // preferred read replica
  const records = reader.compactBytes();
  reader.tags();
  return { error, highWatermark, lastStableOffset, logStart, aborted, records };
}

/** A broker whose quota is used up answers at once, with no partition at all. */
function noPartition(session: number, throttledMs: number): Omit<FetchAnswer, 'throttledMs'> {
  const error = session !== 0 ? session : throttledMs > 0 ? 0 : -1;
  return { error, ...NOTHING };
}
