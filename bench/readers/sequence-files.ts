import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { compressSync } from 'snappy';
import { bytesSource } from '../../formats/byte-source.ts';
import { openSequenceFile } from '../../formats/hadoop/sequence-file.ts';
import { header, int32, SYNC, vint } from '../../test/formats/hadoop/sequence-bytes.ts';
import type { JavaReaders } from './java-readers.ts';
import { logRecord, RECORD } from './log-record.ts';
import type { ReaderResult } from './timing.ts';
import { fastest } from './timing.ts';

const BLOCK_RECORDS = 2000;

interface Kind {
  by: 'none' | 'record' | 'block';
  codec: string;
  compress: (data: Uint8Array) => Uint8Array;
}

/** Hadoop's decompressor writes a chunk into a buffer of 256 KiB, and past its end where the chunk is larger. */
const CHUNK = 200_000;

/** As Hadoop's BlockCompressorStream frames it: one block, in as many chunks as it takes. */
function hadoopSnappy(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [int32(data.length)];
  for (let at = 0; at < data.length; at += CHUNK) {
    const chunk = compressSync(Buffer.from(data.subarray(at, at + CHUNK)));
    parts.push(int32(chunk.length), chunk);
  }
  return Buffer.concat(parts);
}

const KINDS: Kind[] = [
  { by: 'none', codec: '', compress: (data) => data },
  { by: 'record', codec: 'DefaultCodec', compress: (data) => deflateSync(data) },
  { by: 'record', codec: 'SnappyCodec', compress: hadoopSnappy },
  { by: 'block', codec: 'DefaultCodec', compress: (data) => deflateSync(data) },
  { by: 'block', codec: 'GzipCodec', compress: (data) => gzipSync(data) },
  { by: 'block', codec: 'SnappyCodec', compress: hadoopSnappy },
];

/** A serialized Text. */
function text(value: Uint8Array): Buffer {
  return Buffer.concat([vint(value.length), value]);
}

function block(first: number, count: number, compress: Kind['compress']): Buffer {
  const values = Array.from({ length: count }, (_, i) => text(logRecord(first + i)));
  const parts = [
    Buffer.concat(values.map(() => vint(8))),
    Buffer.alloc(8 * count),
    Buffer.concat(values.map(({ length }) => vint(length))),
    Buffer.concat(values),
  ].map(compress);
  return Buffer.concat([SYNC, vint(count), ...parts.flatMap((part) => [vint(part.length), part])]);
}

function sequenceFile(records: number, kind: Kind): Buffer {
  const parts: Uint8Array[] = [
    header({
      keyClass: 'org.apache.hadoop.io.LongWritable',
      valueClass: 'org.apache.hadoop.io.Text',
      ...(kind.by === 'none' ? {} : { codec: `org.apache.hadoop.io.compress.${kind.codec}` }),
      blocks: kind.by === 'block',
    }),
  ];
  if (kind.by === 'block')
    for (let first = 0; first < records; first += BLOCK_RECORDS)
      parts.push(block(first, Math.min(BLOCK_RECORDS, records - first), kind.compress));
  else
    for (let i = 0; i < records; i++) {
      const value = kind.compress(text(logRecord(i)));
      if (i % 100 === 0) parts.push(SYNC);
      parts.push(int32(8 + value.length), int32(8), Buffer.alloc(8), value);
    }
  return Buffer.concat(parts);
}

/** SequenceFiles of times and texts as Camus writes them, plain and compressed by records and by blocks. */
export async function sequenceFiles(java: JavaReaders, folder: string, megabytes: number): Promise<ReaderResult[]> {
  const records = Math.ceil((megabytes * 1024 * 1024) / RECORD);
  const results: ReaderResult[] = [];
  for (const kind of KINDS) {
    const bytes = sequenceFile(records, kind);
    const path = join(folder, `${kind.by}.${kind.codec}.seq`);
    writeFileSync(path, bytes);
    const source = bytesSource(bytes);
    results.push({
      name: `sequence file, ${kind.by} ${kind.codec}`.trimEnd(),
      bytes: records * RECORD,
      ours: await fastest(async () => {
        let count = 0;
        for await (const batch of (await openSequenceFile(source)).batches()) count += batch.length;
        return count;
      }),
      java: java.time('SequenceReaders', [path]),
    });
  }
  return results;
}
