/**
 * How fast the readers of formats/ are, without decoding records: container files by codec, SequenceFiles, lines.
 * `npm run build && node dist/bench/readers.js [MiB]`. Prints MB of decompressed data and records a second of one
 * thread.
 */
import { deflateRawSync, deflateSync, gzipSync, crc32 } from 'node:zlib';
import { compressSync } from 'snappy';
import { openContainer } from '../formats/avro/container.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { openSequenceFile } from '../formats/hadoop/sequence-file.ts';
import { lineBatches } from '../formats/text/lines.ts';
import { lineTimeReader } from '../formats/text/time.ts';

const MARKER = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const RECORD = 513;
const PER_BLOCK = 125;

function long(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value * 2; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest > 127 ? 128 : 0));
    if (rest < 128) return Buffer.from(bytes);
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** A record that compresses as logs do, to about a third. */
function record(i: number): Buffer {
  const words = Array.from({ length: 12 }, (_, n) => ((i * 2654435761 + n * 40503) >>> 0).toString(36));
  const text = `{"ts":${1394355600000 + i},"id":${i},"url":"/profile/view/${words[0]}","q":"${words.join(' member search ')}"}`;
  return Buffer.from(text.padEnd(RECORD, text).slice(0, RECORD - 1) + '\n');
}

const snappyWithCrc = (data: Uint8Array) => Buffer.concat([compressSync(Buffer.from(data)), int32(crc32(data) | 0)]);

function container(records: number, codec: string, compress: (data: Uint8Array) => Uint8Array): Buffer {
  const pair = (key: string, value: string) => [
    long(key.length),
    Buffer.from(key),
    long(value.length),
    Buffer.from(value),
  ];
  const parts: Uint8Array[] = [
    Buffer.from('Obj\x01'),
    long(2),
    ...pair('avro.schema', '"bytes"'),
    ...pair('avro.codec', codec),
    long(0),
    MARKER,
  ];
  for (let i = 0; i < records; i += PER_BLOCK) {
    const data = compress(Buffer.concat(Array.from({ length: PER_BLOCK }, (_, n) => record(i + n))));
    parts.push(long(PER_BLOCK), long(data.length), data, MARKER);
  }
  return Buffer.concat(parts);
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
    const value = compress === undefined ? record(i) : compress(record(i));
    if (i % 100 === 0) parts.push(int32(-1), MARKER);
    parts.push(int32(8 + value.length), int32(8), Buffer.alloc(8), value);
  }
  return Buffer.concat(parts);
}

async function measure(name: string, bytes: number, records: number, run: () => Promise<number>): Promise<void> {
  await run();
  const start = performance.now();
  const found = await run();
  if (found !== records) throw new Error(`${name}: read ${found} of ${records} records`);
  const seconds = (performance.now() - start) / 1000;
  const rate = `${Math.round(bytes / seconds / 1e6)} MB/s`.padStart(10);
  console.log(
    `${name.padEnd(34)}${rate}${Math.round(records / seconds)
      .toLocaleString('en')
      .padStart(13)} records/s`,
  );
}

const megabytes = Number(process.argv[2] ?? 64);
const records = Math.floor((megabytes * 1024 * 1024) / RECORD / PER_BLOCK) * PER_BLOCK;
const bytes = records * RECORD;

for (const [codec, compress] of [
  ['null', (data: Uint8Array) => data],
  ['deflate', (data: Uint8Array) => deflateRawSync(data)],
  ['snappy', snappyWithCrc],
] as const) {
  const source = bytesSource(container(records, codec, compress));
  await measure(`container ${codec} (x${(bytes / source.length).toFixed(1)})`, bytes, records, async () => {
    let count = 0;
    for await (const block of (await openContainer(source)).blocks()) count += block.count;
    return count;
  });
}
for (const compress of [undefined, (data: Uint8Array) => deflateSync(data)]) {
  const source = bytesSource(sequenceFile(records, compress));
  await measure(`sequence file, ${compress === undefined ? 'none' : 'record'}`, bytes, records, async () => {
    let count = 0;
    for await (const batch of (await openSequenceFile(source)).batches()) count += batch.length;
    return count;
  });
}
const lines = Buffer.concat(Array.from({ length: records }, (_, i) => record(i)));
for (const compression of ['none', 'gzip'] as const) {
  const source = bytesSource(compression === 'none' ? lines : gzipSync(lines));
  await measure(`lines, ${compression}`, bytes, records, async () => {
    let count = 0;
    for await (const batch of lineBatches(source, { compression })) count += batch.length;
    return count;
  });
}
const readTime = lineTimeReader({ pattern: '"ts":(\\d+)', format: 'unix_milliseconds' });
await measure('lines, and times by expression', bytes, records, async () => {
  let count = 0;
  const target = { hi: 0, lo: 0 };
  for await (const batch of lineBatches(bytesSource(lines))) {
    for (const line of batch) readTime(line.bytes, target);
    count += batch.length;
  }
  return count;
});
