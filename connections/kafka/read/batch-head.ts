import { crc32c } from '@node-rs/crc32';
import { ConnectionError } from '../../connection-error.ts';

/** The head of a record batch v2 (`org.apache.kafka.common.record.DefaultRecordBatch`), and where its records are. */
export interface BatchHead {
  baseOffset: bigint;
  lastOffset: bigint;
  leaderEpoch: number;
  attributes: number;
  /** What the records' timestamps are counted from. */
  baseTimestamp: bigint;
  maxTimestamp: bigint;
  producerId: bigint;
  producerEpoch: number;
  baseSequence: number;
  /** Records in the batch; fewer than its offsets where the log was compacted. */
  count: number;
  /** Still compressed. */
  records: Buffer;
  bytes: number;
}

export const LOG_APPEND_TIME = 0x08;
export const TRANSACTIONAL = 0x10;
export const CONTROL = 0x20;

const HEAD_BYTES = 61;
const LENGTH_END = 12;
const CRC_AT = 17;
const CHECKED_FROM = 21;

/**
 * The whole batches of an answer, in the order of their offsets; a cut one at the end is left out. Checksums are
 * compared before a batch is given.
 */
export function* batchHeads(answer: Buffer): Generator<BatchHead> {
  for (let at = 0; at + LENGTH_END <= answer.length;) {
    const end = at + LENGTH_END + answer.readInt32BE(at + 8);
    if (end > answer.length) return;
    yield parseHead(answer.subarray(at, end));
    at = end;
  }
}

/** The offset behind the last whole batch of an answer, found without looking at the batches; undefined for none. */
export function offsetBehind(answer: Buffer): bigint | undefined {
  let last = -1;
  for (let at = 0; at + LENGTH_END <= answer.length;) {
    const end = at + LENGTH_END + answer.readInt32BE(at + 8);
    if (end > answer.length || end < at + HEAD_BYTES) break;
    last = at;
    at = end;
  }
  if (last < 0) return undefined;
  return answer.readBigInt64BE(last) + BigInt(answer.readInt32BE(last + 23)) + 1n;
}

function parseHead(batch: Buffer): BatchHead {
  const baseOffset = batch.readBigInt64BE(0);
  const magic = batch.length > 16 ? batch.readInt8(16) : undefined;
  if (magic !== 2)
    throw new ConnectionError(
      'refused',
      `the batch at offset ${baseOffset}: expected record format 2, found ${magic ?? 'none'}; the records were written ` +
        'in a format from before Kafka 0.11: copy them to another topic with a newer client',
      { offset: String(baseOffset), magic },
    );
  if (batch.length < HEAD_BYTES)
    throw damaged(baseOffset, `a batch of at least ${HEAD_BYTES} bytes`, `${batch.length} bytes`);
  const expected = batch.readUInt32BE(CRC_AT);
  const found = crc32c(batch.subarray(CHECKED_FROM));
  if (found !== expected) throw damaged(baseOffset, `checksum ${expected.toString(16)}`, `${found.toString(16)}`);
  return {
    baseOffset,
    lastOffset: baseOffset + BigInt(batch.readInt32BE(23)),
    leaderEpoch: batch.readInt32BE(12),
    attributes: batch.readInt16BE(21),
    baseTimestamp: batch.readBigInt64BE(27),
    maxTimestamp: batch.readBigInt64BE(35),
    producerId: batch.readBigInt64BE(43),
    producerEpoch: batch.readInt16BE(51),
    baseSequence: batch.readInt32BE(53),
    count: batch.readInt32BE(57),
    records: batch.subarray(HEAD_BYTES),
    bytes: batch.length,
  };
}

function damaged(offset: bigint, expected: string, found: string): ConnectionError {
  return new ConnectionError(
    'unavailable',
    `the batch at offset ${offset}: expected ${expected}, found ${found}; try again, and if it goes on look at the ` +
      'disks of the brokers that hold the partition',
    { offset: String(offset) },
  );
}
