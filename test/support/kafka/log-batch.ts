import { crc32c } from '@node-rs/crc32';
import { encodeBatchHeader } from '../../../connections/kafka/batch/batch-header.ts';
import { compressRecords } from '../../../connections/kafka/batch/compression.ts';
import type { Compression } from '../../../connections/kafka/batch/compression.ts';
import type { RecordBatch } from '../../../connections/kafka/publish/publish-port.ts';

export interface LogBatchOptions {
  compression?: Compression;
  /** Records that are compressed already, instead of those of the batch. */
  compressed?: Uint8Array;
  /** @default -1: none */
  producerId?: bigint;
  epoch?: number;
  sequence?: number;
  transactional?: boolean;
  control?: boolean;
  appendTime?: boolean;
  leaderEpoch?: number;
  /** @default that of the last record: the batch is whole */
  lastOffsetDelta?: number;
  /** @default that of the batch */
  count?: number;
}

/** A batch as a broker's log holds it, the broker's fields and the checksum included. */
export async function logBatch(baseOffset: bigint, batch: RecordBatch, options: LogBatchOptions = {}): Promise<Buffer> {
  const { compression = 'none', producerId = -1n, epoch = -1, sequence = -1 } = options;
  const records = options.compressed ?? (await compressRecords(compression, batch.records));
  const header = encodeBatchHeader(batch, compression, records, { producerId, epoch, sequence });
  header.writeBigInt64BE(baseOffset, 0);
  header.writeInt32BE(options.leaderEpoch ?? -1, 12);
  const flags =
    (options.appendTime === true ? 0x08 : 0) |
    (options.transactional === true ? 0x10 : 0) |
    (options.control === true ? 0x20 : 0);
  header.writeInt16BE((header.readInt16BE(21) & 7) | flags, 21);
  if (options.lastOffsetDelta !== undefined) header.writeInt32BE(options.lastOffsetDelta, 23);
  if (options.count !== undefined) header.writeInt32BE(options.count, 57);
  return sealed(Buffer.concat([header, records]));
}

/** The batch with the checksum that its bytes have now. */
export function sealed(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}
