import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ByteSource } from '../../formats/byte-source.ts';
import { bytesSource } from '../../formats/byte-source.ts';
import { lineBatches } from '../../formats/text/lines.ts';
import type { LineTimeOptions } from '../../formats/text/time.ts';
import { lineTimeReader } from '../../formats/text/time.ts';
import type { JavaReaders } from './java-readers.ts';
import { logRecord, RECORD } from './log-record.ts';
import type { ReaderResult } from './timing.ts';
import { fastest } from './timing.ts';

async function countLines(source: ByteSource, compression: 'none' | 'gzip'): Promise<number> {
  let count = 0;
  for await (const batch of lineBatches(source, { compression })) count += batch.length;
  return count;
}

async function readTimes(source: ByteSource, options: LineTimeOptions): Promise<number> {
  const readTime = lineTimeReader(options);
  const target = { hi: 0, lo: 0 };
  let count = 0;
  for await (const batch of lineBatches(source)) {
    for (const line of batch) readTime(line.bytes, target);
    count += batch.length;
  }
  return count;
}

/** Lines, plain and by gzip, and their times. */
export async function textLines(java: JavaReaders, folder: string, megabytes: number): Promise<ReaderResult[]> {
  const lines = Buffer.concat(
    Array.from({ length: Math.ceil((megabytes * 1024 * 1024) / RECORD) }, (_, i) => logRecord(i)),
  );
  const results: ReaderResult[] = [];
  for (const compression of ['none', 'gzip'] as const) {
    const file = join(folder, compression === 'none' ? 'lines' : 'lines.gz');
    const bytes = compression === 'none' ? lines : gzipSync(lines);
    writeFileSync(file, bytes);
    results.push({
      name: `lines, ${compression}`,
      bytes: lines.length,
      ours: await fastest(() => countLines(bytesSource(bytes), compression)),
      java: java.time('LineReaders', [file]),
    });
  }
  const format = 'unix_milliseconds';
  for (const [name, options] of [
    ['lines, and times by expression', { pattern: '"ts":(\\d+)', format }],
    ['lines, and times by JSON field', { field: 'ts', format }],
  ] as const)
    results.push({ name, bytes: lines.length, ours: await fastest(() => readTimes(bytesSource(lines), options)) });
  return results;
}
