import { deflateSync } from 'node:zlib';
import { bytesSource } from '../../formats/byte-source.ts';
import { openSequenceFile } from '../../formats/hadoop/sequence-file.ts';
import { logRecord, RECORD } from './log-record.ts';
import type { ReaderResult } from './timing.ts';
import { fastest } from './timing.ts';

const MARKER = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function sequenceFile(records: number, compress?: (data: Uint8Array) => Uint8Array): Buffer {
  const text = (value: string) => [Buffer.from([value.length]), Buffer.from(value)];
  const parts: Uint8Array[] = [
    Buffer.from('SEQ\x06'),
    ...text('org.apache.hadoop.io.LongWritable'),
    ...text('org.apache.hadoop.io.Text'),
  ];
  parts.push(Buffer.from([compress === undefined ? 0 : 1, 0]));
  if (compress !== undefined) parts.push(...text('org.apache.hadoop.io.compress.DefaultCodec'));
  parts.push(int32(0), MARKER);
  for (let i = 0; i < records; i++) {
    const value = compress === undefined ? logRecord(i) : compress(logRecord(i));
    if (i % 100 === 0) parts.push(int32(-1), MARKER);
    parts.push(int32(8 + value.length), int32(8), Buffer.alloc(8), value);
  }
  return Buffer.concat(parts);
}

/** SequenceFiles without blocks, plain and compressed by records. */
export async function sequenceFiles(megabytes: number): Promise<ReaderResult[]> {
  const records = Math.ceil((megabytes * 1024 * 1024) / RECORD);
  const results: ReaderResult[] = [];
  for (const compress of [undefined, (data: Uint8Array) => deflateSync(data)]) {
    const source = bytesSource(sequenceFile(records, compress));
    results.push({
      name: `sequence file, ${compress === undefined ? 'none' : 'record'}`,
      bytes: records * RECORD,
      ours: await fastest(async () => {
        let count = 0;
        for await (const batch of (await openSequenceFile(source)).batches()) count += batch.length;
        return count;
      }),
    });
  }
  return results;
}
