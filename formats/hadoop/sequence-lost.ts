import { isCredible } from '../counted-records.ts';
import { FormatError } from '../format-error.ts';
import { ReadAhead } from '../read-ahead.ts';
import { readBlockHead } from './sequence-block.ts';
import { readRecordHead } from './sequence-run.ts';
import type { SequenceFileBytes } from './sequence-sync.ts';
import { isSyncAt, SYNC_ESCAPE, SYNC_POINT_LENGTH } from './sync-point.ts';

/**
 * Records in the bytes [from, to) that are passed over, behind which reading goes on: as the frames in them count, where
 * they end just there; else as the head of the one block between two sync points says. Undefined where nothing tells.
 */
export async function recordsLost(
  file: SequenceFileBytes,
  from: number,
  to: number,
  frame: 'whole' | 'damaged',
): Promise<number | undefined> {
  const { source, header, signal } = file;
  const reader = new ReadAhead(source, { start: from, softEnd: to, signal });
  try {
    if (header.compression !== 'block') return await recordsBetween(file, reader, to);
    const isHead = header.syncMarker !== undefined && (await startsWithSync(reader, header.syncMarker));
    let records = 0;
    let first: number | undefined;
    while (reader.position < to) {
      const head = await readBlockHead(reader);
      first ??= head.count;
      records += head.count;
      if (head.length === undefined || head.length > to - reader.position) break;
      await reader.skip(head.length);
    }
    if (reader.position === to && isCredible(records, to - from, 'whole')) return records;
    return isHead && first !== undefined && isCredible(first, to - from, frame) ? first : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  } finally {
    reader.close();
  }
}

async function startsWithSync(reader: ReadAhead, marker: Uint8Array): Promise<boolean> {
  return (await reader.fill(SYNC_POINT_LENGTH)) >= SYNC_POINT_LENGTH && isSyncAt(reader.buffer, reader.at, marker);
}

/** Of records one by one; a sync point that is damaged is passed over. */
async function recordsBetween(
  { header, recordLimit }: SequenceFileBytes,
  reader: ReadAhead,
  to: number,
): Promise<number | undefined> {
  let records = 0;
  while (reader.position < to) {
    await reader.fill(4);
    const escape = Buffer.from(reader.buffer.subarray(reader.at, reader.at + 4));
    if (header.syncMarker !== undefined && escape.length === 4 && escape.readInt32BE() === SYNC_ESCAPE) {
      if (reader.remaining < SYNC_POINT_LENGTH) return undefined;
      await reader.skip(SYNC_POINT_LENGTH);
      continue;
    }
    const head = await readRecordHead(reader, undefined, recordLimit);
    if (head === 'sync') return undefined;
    await reader.skip(head.length);
    records += 1;
  }
  return reader.position === to ? records : undefined;
}
