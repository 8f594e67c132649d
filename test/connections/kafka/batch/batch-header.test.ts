// Proves the header of a batch: field by field as the broker reads it, checksum by the published check value, and
// every compression against kafkajs or its own inverse.
import { createRequire } from 'node:module';
import { crc32c } from '@node-rs/crc32';
import { describe, expect, it } from 'vitest';
import { encodeBatchHeader, nextSequence } from '../../../../connections/kafka/batch/batch-header.ts';
import { COMPRESSIONS, compressRecords, decompressRecords } from '../../../../connections/kafka/batch/compression.ts';
import { RecordBatchBuilder } from '../../../../connections/kafka/batch/record-batch.ts';
import type { RecordBatch } from '../../../../connections/kafka/publish/publish-port.ts';
import { body } from '../encoded-body.ts';
import { decodeWithKafkajs, encodeWhole, STAMP } from '../kafkajs-decoder.ts';

const kafkajsCrc = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (
  bytes: Buffer,
) => number;

function someBatch(): RecordBatch {
  const builder = new RecordBatchBuilder({ topic: 't', partition: 0 });
  for (let index = 0; index < 2000; index++) {
    const bytes = body(`key ${index}`, `value ${index} `.repeat(10));
    builder.add(407, index, bytes, 0, bytes.length, index);
  }
  return builder.take();
}

describe('encodeBatchHeader', () => {
  it('checks what kafkajs checks too, from the attributes to the end', async () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283); // RFC 3720
    const bytes = await encodeWhole(someBatch());
    expect(bytes.readUInt32BE(17)).toBe(kafkajsCrc(bytes.subarray(21)));
  });

  it('puts every field where the specification has it', () => {
    const batch = { ...someBatch(), count: 12, firstTimestamp: -1n, maxTimestamp: 2n ** 60n };
    const header = encodeBatchHeader(batch, 'zstd', Buffer.alloc(100), STAMP);
    expect(header.length).toBe(61);
    expect(header.readBigInt64BE(0)).toBe(0n);
    expect(header.readInt32BE(8)).toBe(49 + 100);
    expect(header.readInt32BE(12)).toBe(-1);
    expect(header.readInt8(16)).toBe(2);
    expect(header.readInt16BE(21)).toBe(0x14);
    expect(header.readInt32BE(23)).toBe(11);
    expect(header.readBigInt64BE(27)).toBe(-1n);
    expect(header.readBigInt64BE(35)).toBe(2n ** 60n);
    expect(header.readBigInt64BE(43)).toBe(STAMP.producerId);
    expect(header.readInt16BE(51)).toBe(STAMP.epoch);
    expect(header.readInt32BE(53)).toBe(STAMP.sequence);
    expect(header.readInt32BE(57)).toBe(12);
  });
});

describe('compressRecords', () => {
  it.each(COMPRESSIONS)(
    '%s is undone by decompressRecords, and makes repetitive records smaller',
    async (compression) => {
      const { records } = someBatch();
      const compressed = await compressRecords(compression, records);
      if (compression !== 'none') expect(compressed.length).toBeLessThan(records.length / 2);
      expect(Buffer.compare(await decompressRecords(compression, compressed), records)).toBe(0);
    },
  );

  it('writes gzip that kafkajs reads', async () => {
    const { records } = await decodeWithKafkajs(await encodeWhole(someBatch(), 'gzip'));
    expect(records).toHaveLength(2000);
    expect(records[1999]!.key!.toString()).toBe('key 1999');
  });

  it('frames snappy as xerial does, which is what Java expects', async () => {
    const compressed = Buffer.from(await compressRecords('snappy', Buffer.alloc(70_000, 1)));
    expect(compressed.subarray(0, 16).toString('hex')).toBe('82534e41505059000000000100000001');
    let blocks = 0;
    for (let at = 16; at < compressed.length; at += 4 + compressed.readInt32BE(at)) blocks++;
    expect(blocks).toBe(3);
  });

  it('writes lz4 frames with independent blocks, the only ones that Java reads', async () => {
    const compressed = Buffer.from(await compressRecords('lz4', Buffer.alloc(70_000, 1)));
    expect(compressed.readUInt32LE(0)).toBe(0x184d2204);
    expect(compressed.readUInt8(4) & 0xe0).toBe(0x60); // version 01, block independence
  });
});

describe('nextSequence', () => {
  it('goes on at 0 after 2^31 - 1', () => {
    expect(nextSequence(0, 20_000)).toBe(20_000);
    expect(nextSequence(2 ** 31 - 11, 10)).toBe(2 ** 31 - 1);
    expect(nextSequence(2 ** 31 - 1, 1)).toBe(0);
    expect(nextSequence(2 ** 31 - 5, 10)).toBe(5);
  });
});
