import type { Decompress } from '../codecs/codec.ts';
import { FormatError } from '../format-error.ts';
import { withPosition } from '../with-position.ts';
import type { ReadAhead } from '../read-ahead.ts';
import { sequenceFault } from './sequence-record.ts';
import type { SequenceLimits, SequenceRecord } from './sequence-record.ts';
import { isSyncAt, SYNC_POINT_LENGTH } from './sync-point.ts';
import { WritableInput } from './writable-input.ts';

/** Where the four parts of a compressed block lie, counted from the block's first byte. */
export interface BlockFrame {
  /** Bytes of the block, its sync point included. */
  length: number;
  count: number;
  /** Lengths of the keys, keys, lengths of the values, values. */
  parts: { start: number; length: number }[];
}

const PARTS = ['the lengths of the keys', 'the keys', 'the lengths of the values', 'the values'];

/** A vint has up to 5 bytes here: one that says so, and four. */
const LONGEST_VINT = 5;

async function vintAt(reader: ReadAhead, ahead: number, what: string): Promise<{ value: number; next: number }> {
  const have = Math.min(await reader.fill(ahead + LONGEST_VINT), ahead + LONGEST_VINT);
  const input = new WritableInput(reader.buffer, reader.at + ahead, reader.at + have);
  try {
    const value = input.length(what);
    return { value, next: input.at - reader.at };
  } catch (error) {
    throw withPosition(error, reader.position, reader.position + have);
  }
}

/** Checks that a sync point is at the reader's position; it is not used up. */
export async function checkSyncPoint(reader: ReadAhead, marker: Uint8Array): Promise<void> {
  const { position, remaining } = reader;
  if ((await reader.fill(SYNC_POINT_LENGTH)) < SYNC_POINT_LENGTH)
    throw sequenceFault(
      'truncated',
      'the file ends in the sync marker before a block',
      position,
      position + remaining,
      `${SYNC_POINT_LENGTH} bytes`,
      `${remaining}`,
    );
  if (isSyncAt(reader.buffer, reader.at, marker)) return;
  throw sequenceFault(
    'corrupt',
    'the sync marker before a block is damaged',
    position,
    position + SYNC_POINT_LENGTH,
    `ffffffff${Buffer.from(marker).toString('hex')}`,
    Buffer.from(reader.buffer.subarray(reader.at, reader.at + SYNC_POINT_LENGTH)).toString('hex'),
  );
}

/**
 * Reads and checks the frame of the block at the reader's position, without using anything up. The data of the block
 * are fetched as far as the length of its last part.
 */
export async function readBlockFrame(reader: ReadAhead, marker: Uint8Array, recordLimit: number): Promise<BlockFrame> {
  const { position, remaining } = reader;
  await checkSyncPoint(reader, marker);
  const count = await vintAt(reader, SYNC_POINT_LENGTH, 'the number of records in a block');
  const parts: BlockFrame['parts'] = [];
  let at = count.next;
  for (const what of PARTS) {
    const length = await vintAt(reader, at, `the size of ${what}`);
    at = length.next + length.value;
    if (at > remaining)
      throw sequenceFault(
        'truncated',
        `the file ends inside of a block, in ${what}`,
        position,
        position + length.next,
        `${length.value} bytes`,
        `${remaining - length.next}`,
      );
    if (at > recordLimit + SYNC_POINT_LENGTH)
      throw sequenceFault(
        'limit',
        'a block is larger than the limit recordLimit',
        position,
        position + length.next,
        `at most ${recordLimit} bytes`,
        `${at} or more`,
      );
    parts.push({ start: length.next, length: length.value });
  }
  return { length: at, count: count.value, parts };
}

/**
 * What the head of a block says that begins at the reader's position, whatever is wrong with its sync marker; the length
 * is undefined where the lengths of its parts can't be right.
 * @throws FormatError where there is no number of records
 */
export async function readBlockHead(reader: ReadAhead): Promise<{ count: number; length: number | undefined }> {
  const count = await vintAt(reader, SYNC_POINT_LENGTH, 'the number of records in a block');
  let at = count.next;
  for (const what of PARTS) {
    try {
      const length = await vintAt(reader, at, `the size of ${what}`);
      at = length.next + length.value;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return { count: count.value, length: undefined };
    }
    if (at > reader.remaining) return { count: count.value, length: undefined };
  }
  return { count: count.value, length: at };
}

/** Splits one part into as many slices as the lengths beside it say; all bytes must be used. */
function slices(lengths: Uint8Array, data: Uint8Array, count: number, what: string): Uint8Array[] {
  const input = new WritableInput(lengths);
  if (count > lengths.length)
    throw new FormatError('corrupt', `a block has fewer lengths of ${what} than records`, {
      expected: `${count}`,
      found: `${lengths.length} bytes of lengths`,
    });
  const out = new Array<Uint8Array>(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const length = input.length(`the length of one of the ${what}`);
    if (length > data.length - at)
      throw new FormatError('corrupt', `the ${what} of a block end too early`, {
        expected: `${length} bytes`,
        found: `${data.length - at}`,
      });
    out[i] = data.subarray(at, at + length);
    at += length;
  }
  if (input.remaining > 0 || at < data.length)
    throw new FormatError('corrupt', `bytes are left over in a block, behind its ${what}`, {
      expected: `${count} records`,
      found: `${input.remaining} bytes of lengths and ${data.length - at} bytes of ${what} more`,
    });
  return out;
}

/**
 * Reads the block at the reader's position and stands behind it afterwards.
 * @throws FormatError with the position of the block; where its frame was whole the reader stands behind it as well
 */
export async function readBlock(
  reader: ReadAhead,
  marker: Uint8Array,
  limits: SequenceLimits,
  decompress: Decompress,
): Promise<SequenceRecord[]> {
  const position = reader.position;
  const frame = await readBlockFrame(reader, marker, limits.recordLimit);
  await reader.fill(frame.length);
  const block = reader.take(frame.length);
  try {
    let limit = limits.decompressedLimit;
    const parts = frame.parts.map(({ start, length }) => {
      const part = decompress(block.subarray(start, start + length), { limit });
      limit -= part.length;
      return part;
    });
    const keys = slices(parts[0]!, parts[1]!, frame.count, 'keys');
    const values = slices(parts[2]!, parts[3]!, frame.count, 'values');
    return keys.map((key, ordinal) => ({ position, ordinal, key, value: values[ordinal]! }));
  } catch (error) {
    throw withPosition(error, position, reader.position);
  }
}
