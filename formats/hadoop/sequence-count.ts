import type { ByteSource } from '../byte-source.ts';
import type { CountedRecords } from '../counted-records.ts';
import { FormatError } from '../format-error.ts';
import { ReadAhead } from '../read-ahead.ts';
import { readBlockFrame } from './sequence-block.ts';
import { readSequenceFileHeader } from './sequence-file-header.ts';
import { readRecordHead } from './sequence-run.ts';
import { positionBehindDamage, startOfSequenceSplit, type SequenceFileBytes } from './sequence-sync.ts';
import { recordsLost } from './sequence-lost.ts';
import { SYNC_POINT_LENGTH } from './sync-point.ts';

const MEBIBYTE = 1024 * 1024;
const HEAD_READ = 64 * 1024;

/**
 * How many records a SequenceFile, or a split of it, holds by its frames: nothing is decompressed or decoded.
 * @throws FormatError where the header can't be read
 */
export async function countSequenceRecords(
  source: ByteSource,
  range: { start: number; end: number } | undefined,
): Promise<CountedRecords> {
  const head = await source.read(0, Math.min(HEAD_READ, source.length));
  const header = await readSequenceFileHeader(source, head, 16 * MEBIBYTE);
  const file = { source, header, recordLimit: Infinity };
  const { start, end } = range ?? { start: 0, end: source.length };
  const counted = { records: 0, bytes: 0 };
  let position = await startOfSequenceSplit(file, start, end);
  while (position < end) {
    const run = await wholeFrames(file, position, end);
    counted.records += run.records;
    if (run.error === undefined) break;
    const next = await positionBehindDamage(file, run.end, run.lastFrame);
    const records = await recordsLost(file, run.end, next, 'damaged');
    if (records === undefined) counted.bytes += next - run.end;
    else counted.records += records;
    position = Math.max(next, run.end + 1);
  }
  return counted;
}

/** Frames from `start` on, up to the end of the split or to one that is damaged. */
async function wholeFrames(
  file: SequenceFileBytes,
  start: number,
  end: number,
): Promise<{ records: number; end: number; lastFrame: number | undefined; error?: FormatError }> {
  const { source, header, recordLimit } = file;
  const reader = new ReadAhead(source, { start, softEnd: end });
  let records = 0;
  let lastFrame: number | undefined;
  try {
    while (reader.remaining > 0) {
      const { position } = reader;
      if (header.compression === 'block') {
        if (position >= end) break;
        const frame = await readBlockFrame(reader, header.syncMarker!, recordLimit);
        records += frame.count;
        await reader.skip(frame.length);
      } else {
        const head = await readRecordHead(reader, header.syncMarker, recordLimit);
        if (head === 'sync' && position >= end) break;
        await reader.skip(head === 'sync' ? SYNC_POINT_LENGTH : head.length);
        if (head === 'sync') continue;
        records += 1;
      }
      lastFrame = position;
    }
    return { records, end: reader.position, lastFrame };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { records, end: reader.position, lastFrame, error };
  } finally {
    reader.close();
  }
}
