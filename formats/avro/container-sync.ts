import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { ReadAhead } from '../read-ahead.ts';
import { blockLength, isMarkerAt, LONGEST_HEAD, parseBlockHead } from './container-frame.ts';
import type { BlockHead } from './container-frame.ts';
import { SYNC_LENGTH } from './container-header.ts';
import type { ContainerHeader } from './container-header.ts';

/** The file, what its header says, and the largest block that is read. */
export interface ContainerFile {
  source: ByteSource;
  header: ContainerHeader;
  blockLimit: number;
  signal?: AbortSignal | undefined;
}

/**
 * Moves on to the next sync marker that begins before byte `until`, and stands at its first byte.
 * @returns false when there is none
 */
async function findMarker(reader: ReadAhead, marker: Uint8Array, until: number): Promise<boolean> {
  while (reader.position < until && (await reader.fill(SYNC_LENGTH)) >= SYNC_LENGTH) {
    const { buffer } = reader;
    const found = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length).indexOf(marker, reader.at);
    reader.at = found >= 0 ? found : buffer.length - SYNC_LENGTH + 1;
    if (found >= 0) return reader.position < until;
  }
  return false;
}

/** The head of the block at `position`, if head and sync marker are as they must be. Reads no data. */
async function probeBlock(file: ContainerFile, position: number): Promise<BlockHead | undefined> {
  const { source, header, blockLimit, signal } = file;
  const remaining = source.length - position;
  const bytes = await source.read(position, Math.min(LONGEST_HEAD, remaining), signal);
  try {
    const head = parseBlockHead(bytes, 0, bytes.length, position, remaining, blockLimit);
    const marker = await source.read(position + head.headLength + head.size, SYNC_LENGTH, signal);
    return isMarkerAt(marker, 0, header.syncMarker) ? head : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/**
 * Moves on, from the start of a block that can't be read, to the start of the next one behind a sync marker whose
 * own frame is whole, or to the end of the file.
 */
export async function resync(file: ContainerFile, reader: ReadAhead): Promise<void> {
  while (await findMarker(reader, file.header.syncMarker, file.source.length)) {
    const position = reader.position + SYNC_LENGTH;
    if (position === file.source.length || (await probeBlock(file, position)) !== undefined) {
      reader.at += SYNC_LENGTH;
      return;
    }
    reader.at += 1;
  }
  await reader.skip(reader.remaining);
}

/**
 * The first block at or after byte `start`, found by going from block to block from the header on: the truth about
 * where blocks begin, and slow. Where a block is broken it goes on as a reader that skips it does.
 */
async function walkTo(file: ContainerFile, start: number): Promise<number> {
  let position = file.header.headerLength;
  while (position < start && position < file.source.length) {
    const head = await probeBlock(file, position);
    if (head !== undefined) {
      position += blockLength(head);
      continue;
    }
    const reader = new ReadAhead(file.source, { start: position, signal: file.signal });
    try {
      await resync(file, reader);
      position = reader.position;
    } finally {
      reader.close();
    }
  }
  return position;
}

/**
 * Whether the marker at the reader's position has whole frames behind it: one at least, and all that are at hand.
 * Nothing is used up.
 */
async function precedesFrames(file: ContainerFile, reader: ReadAhead): Promise<boolean> {
  const { source, header, blockLimit, signal } = file;
  await reader.fill(SYNC_LENGTH + LONGEST_HEAD);
  const { buffer, at, available } = reader;
  let ahead = SYNC_LENGTH;
  for (let frames = 0; ; frames++) {
    const position = reader.position + ahead;
    const remaining = source.length - position;
    const have = Math.min(available - ahead, LONGEST_HEAD);
    if (remaining === 0 || (frames > 0 && have < Math.min(LONGEST_HEAD, remaining))) return true;
    try {
      ahead += blockLength(parseBlockHead(buffer, at + ahead, have, position, remaining, blockLimit));
    } catch (error) {
      if (error instanceof FormatError) return false;
      throw error;
    }
    if (ahead <= available) {
      if (!isMarkerAt(buffer, at + ahead - SYNC_LENGTH, header.syncMarker)) return false;
      continue;
    }
    if (frames > 0) return true;
    const marker = await source.read(reader.position + ahead - SYNC_LENGTH, SYNC_LENGTH, signal);
    return isMarkerAt(marker, 0, header.syncMarker);
  }
}

/** Where to begin reading to find the first block of a split that begins at byte `start`. */
export function searchStart(header: ContainerHeader, start: number): number {
  return start <= header.headerLength ? header.headerLength : start - SYNC_LENGTH;
}

/**
 * Where a split begins: the position of the first block whose first byte is in [start, end), or `end` (or a later
 * byte) when there is none. The reader, which is at `searchStart`, stands there afterwards unless it had to be looked
 * for elsewhere.
 *
 * The block is looked for by the sync marker before it. The same 16 bytes may stand in the data too, and a true
 * marker may have a broken block behind it; so a marker counts at once only if whole frames follow. Otherwise the
 * blocks are counted off from the header: neither may a record be lost, nor data be taken for a block. What remains
 * is data that were made to look like blocks up to the end of the true one. Then the end of one split's last block
 * is not the position of the next split's first, by which whoever reads both can tell.
 */
export async function startOfSplit(
  file: ContainerFile,
  reader: ReadAhead,
  start: number,
  end: number,
): Promise<number> {
  const { headerLength, syncMarker } = file.header;
  if (start <= headerLength) return headerLength;
  if (!(await findMarker(reader, syncMarker, end - SYNC_LENGTH))) return end;
  if (!(await precedesFrames(file, reader))) return walkTo(file, start);
  reader.at += SYNC_LENGTH;
  return reader.position;
}
