import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { ReadAhead } from '../read-ahead.ts';
import { checkSyncPoint, readBlockFrame } from './sequence-block.ts';
import { readRecordHead } from './sequence-run.ts';
import type { SequenceFileHeader } from './sequence-file-header.ts';
import { isSyncAt, SYNC_POINT_LENGTH } from './sync-point.ts';

/** The file, what its header says, and the largest record or block that is read. */
export interface SequenceFileBytes {
  source: ByteSource;
  header: SequenceFileHeader;
  recordLimit: number;
  signal?: AbortSignal | undefined;
}

/** Frames are looked at as far as this behind a sync point before a split begins there. */
const PROBED_BYTES = 1024 * 1024;

/** Moves on to the next sync point (escape and marker) that begins before byte `until`; false when there is none. */
async function findSyncPoint(reader: ReadAhead, marker: Uint8Array, until: number): Promise<boolean> {
  while (reader.position < until && (await reader.fill(SYNC_POINT_LENGTH)) >= SYNC_POINT_LENGTH) {
    const { buffer, at } = reader;
    const found = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length).indexOf(marker, at + 4);
    if (found < 0) {
      reader.at = buffer.length - SYNC_POINT_LENGTH + 1;
      continue;
    }
    reader.at = found - 4;
    if (isSyncAt(buffer, reader.at, marker)) return reader.position < until;
    reader.at += 1;
  }
  return false;
}

/**
 * Whether whole frames follow the sync point at `position`: of a block, or of records up to the next sync point or the
 * end of the file; and on until `until`. The marker's bytes may stand in the data as well.
 */
async function isSyncPoint(file: SequenceFileBytes, position: number, until = position): Promise<boolean> {
  const { source, header, recordLimit, signal } = file;
  const reader = new ReadAhead(source, { start: position, softEnd: until, signal });
  const marker = header.syncMarker!;
  try {
    do {
      if (header.compression === 'block') {
        await reader.skip((await readBlockFrame(reader, marker, recordLimit)).length);
        continue;
      }
      reader.take(Math.min(await reader.fill(SYNC_POINT_LENGTH), SYNC_POINT_LENGTH));
      for (let records = 0; reader.remaining > 0; records++) {
        const head = await readRecordHead(reader, marker, recordLimit);
        // No writer puts two sync points in a row; data that end with one do, in front of a true one.
        if (head === 'sync' && records === 0) return false;
        if (head === 'sync') break;
        await reader.skip(head.length);
      }
    } while (reader.remaining > 0 && reader.position < until);
    if (header.compression === 'block' && reader.remaining > 0) await checkSyncPoint(reader, marker);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  } finally {
    reader.close();
  }
}

/**
 * Where reading goes on behind damage that was noticed at byte `noticedAt`: at the next sync point that is one, or at
 * the end of the file. The frame before (`lastFrame`) may have had a wrong length, and the sync point in it; and its
 * last bytes may be a sync point's first.
 */
export async function positionBehindDamage(
  file: SequenceFileBytes,
  noticedAt: number,
  lastFrame: number | undefined,
): Promise<number> {
  const { source, header } = file;
  if (header.syncMarker === undefined) return source.length;
  const start = Math.min((lastFrame ?? noticedAt) + 1, noticedAt - SYNC_POINT_LENGTH + 1);
  return (await syncPointIn(file, Math.max(header.headerLength, start), source.length)) ?? source.length;
}

/**
 * Where reading goes on behind a record or block [start, end) that could not be decompressed: behind it, or at a sync
 * point in it, for then its length is wrong, and a split that begins in it begins there.
 */
export async function positionBehindFrame(file: SequenceFileBytes, start: number, end: number): Promise<number> {
  if (file.header.syncMarker === undefined) return end;
  return (await syncPointIn(file, start + 1, end)) ?? end;
}

/** The first sync point that is one and begins in [start, until). */
async function syncPointIn(file: SequenceFileBytes, start: number, until: number): Promise<number | undefined> {
  const reader = new ReadAhead(file.source, { start, softEnd: start, signal: file.signal });
  try {
    while (await findSyncPoint(reader, file.header.syncMarker!, until)) {
      if (await isSyncPoint(file, reader.position)) return reader.position;
      reader.at += 1;
    }
    return undefined;
  } finally {
    reader.close();
  }
}

/** Whether the reader is at a sync point, and one that a split from `start` on begins with. */
async function isStart(file: SequenceFileBytes, reader: ReadAhead, start: number): Promise<boolean> {
  if (reader.position < start || (await reader.fill(SYNC_POINT_LENGTH)) < SYNC_POINT_LENGTH) return false;
  return isSyncAt(reader.buffer, reader.at, file.header.syncMarker!);
}

/**
 * The first sync point at or after byte `start`, found by reading the frames from the header on. What is broken before
 * it belongs to the split before, a broken sync point included.
 */
async function walkTo(file: SequenceFileBytes, start: number): Promise<number> {
  const { header, recordLimit } = file;
  const readFrom = (position: number) => new ReadAhead(file.source, { start: position, signal: file.signal });
  let reader = readFrom(header.headerLength);
  let lastFrame: number | undefined;
  try {
    while (reader.remaining > 0 && !(await isStart(file, reader, start))) {
      const { position } = reader;
      try {
        if (header.compression === 'block') {
          await reader.skip((await readBlockFrame(reader, header.syncMarker!, recordLimit)).length);
          lastFrame = position;
          continue;
        }
        const head = await readRecordHead(reader, header.syncMarker, recordLimit);
        await reader.skip(head === 'sync' ? SYNC_POINT_LENGTH : head.length);
        if (head !== 'sync') lastFrame = position;
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        reader.close();
        const next = await positionBehindDamage(file, position, lastFrame);
        reader = readFrom(next);
        lastFrame = next;
      }
    }
    return reader.position;
  } finally {
    reader.close();
  }
}

/**
 * Where a split begins: the header's end, or the first sync point in [start, end); `end` when there is none. A sync
 * point that is not followed by whole frames is checked by reading from the header on, so that neither data are taken
 * for records nor a broken record is passed over in silence.
 */
export async function startOfSequenceSplit(file: SequenceFileBytes, start: number, end: number): Promise<number> {
  const { headerLength, syncMarker } = file.header;
  if (start <= headerLength) return headerLength;
  if (syncMarker === undefined) return end;
  const reader = new ReadAhead(file.source, { start, softEnd: end, signal: file.signal });
  try {
    if (!(await findSyncPoint(reader, syncMarker, end))) return end;
    const { position } = reader;
    if (await isSyncPoint(file, position, position + PROBED_BYTES)) return position;
  } finally {
    reader.close();
  }
  return walkTo(file, start);
}
