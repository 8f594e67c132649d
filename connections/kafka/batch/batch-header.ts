import { crc32c } from '@node-rs/crc32';
import { COMPRESSIONS } from './compression.ts';
import type { Compression } from './compression.ts';
import { BATCH_HEADER_BYTES } from './record-batch.ts';
import type { RecordBatch } from '../publish/publish-port.ts';

/** What a broker knows a producer's batch by. */
export interface ProducerStamp {
  producerId: bigint;
  epoch: number;
  /** Sequence number of the batch's first record in its partition. */
  sequence: number;
}

const MAX_INT32 = 0x7fffffff;
const NO_LEADER_EPOCH = -1;
const MAGIC = 2;
const TRANSACTIONAL = 0x10;
const CRC_AT = 17;
const CHECKED_FROM = 21;

/**
 * The header of a transactional record batch v2 (`org.apache.kafka.common.record.DefaultRecordBatch`), checksum
 * included, for records that may have been compressed already.
 */
export function encodeBatchHeader(
  batch: RecordBatch,
  compression: Compression,
  compressed: Uint8Array,
  stamp: ProducerStamp,
): Buffer {
  const header = Buffer.alloc(BATCH_HEADER_BYTES);
  header.writeBigInt64BE(0n, 0); // base offset: the broker's to give
  header.writeInt32BE(BATCH_HEADER_BYTES - 12 + compressed.length, 8);
  header.writeInt32BE(NO_LEADER_EPOCH, 12);
  header.writeInt8(MAGIC, 16);
  header.writeInt16BE(COMPRESSIONS.indexOf(compression) | TRANSACTIONAL, 21);
  header.writeInt32BE(batch.count - 1, 23);
  header.writeBigInt64BE(batch.firstTimestamp, 27);
  header.writeBigInt64BE(batch.maxTimestamp, 35);
  header.writeBigInt64BE(stamp.producerId, 43);
  header.writeInt16BE(stamp.epoch, 51);
  header.writeInt32BE(stamp.sequence, 53);
  header.writeInt32BE(batch.count, 57);
  header.writeUInt32BE(crc32c(compressed, crc32c(header.subarray(CHECKED_FROM))), CRC_AT);
  return header;
}

/** The sequence number after `count` more records; it goes on at 0 after 2^31 - 1. */
export function nextSequence(sequence: number, count: number): number {
  return sequence > MAX_INT32 - count ? count - (MAX_INT32 - sequence) - 1 : sequence + count;
}
