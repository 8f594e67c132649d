import { createRequire } from 'node:module';
import { encodeBatchHeader } from '../../../connections/kafka/batch/batch-header.ts';
import { compressRecords } from '../../../connections/kafka/batch/compression.ts';
import type { Compression } from '../../../connections/kafka/batch/compression.ts';
import type { RecordBatch } from '../../../connections/kafka/publish/publish-port.ts';

const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => unknown;
const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder.js') as (
  decoder: unknown,
) => Promise<DecodedBatch>;

export interface DecodedBatch {
  firstSequence: number;
  producerId: string;
  producerEpoch: number;
  inTransaction: boolean;
  lastOffsetDelta: number;
  firstTimestamp: string;
  maxTimestamp: string;
  records: {
    offset: string;
    timestamp: string;
    key: Buffer | null;
    value: Buffer | null;
    headers: Record<string, Buffer | null>;
  }[];
}

export const STAMP = { producerId: 4_000_000_000_000n, epoch: 7, sequence: 1_000_000 };

/** The whole batch as a broker gets it. */
export async function encodeWhole(batch: RecordBatch, compression: Compression = 'none'): Promise<Buffer> {
  const records = await compressRecords(compression, batch.records);
  return Buffer.concat([encodeBatchHeader(batch, compression, records, STAMP), records]);
}

/** Reads a batch with kafkajs's own decoder, which shares no code with the encoder. */
export async function decodeWithKafkajs(bytes: Buffer): Promise<DecodedBatch> {
  return decodeBatch(new Decoder(bytes));
}
