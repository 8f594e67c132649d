import { FormatError } from '../format-error.ts';
import type { ReadAhead } from '../read-ahead.ts';
import { SYNC_LENGTH } from './container-header.ts';
import { decodeLong, exactLong } from './container-long.ts';

const LONGEST_LONG = 10;

/** Two longs stand at the head of a block. */
export const LONGEST_HEAD = 2 * LONGEST_LONG;

/** More records in one block than this are refused: no count may keep a reader busy without end. */
const MOST_RECORDS = 2 ** 31 - 1;

/** The two numbers at the head of a block. */
export interface BlockHead {
  count: number;
  /** Bytes of (compressed) data. */
  size: number;
  /** Bytes of the head itself. */
  headLength: number;
}

/** The bytes of a block: head, data and sync marker. */
export function blockLength(head: BlockHead): number {
  return head.headLength + head.size + SYNC_LENGTH;
}

/**
 * Reads and checks the head of the block at `position` out of `bytes` at `at`.
 * @param have bytes from `at` on
 * @param remaining bytes from `position` to the end of the file
 */
export function parseBlockHead(
  bytes: Uint8Array,
  at: number,
  have: number,
  position: number,
  remaining: number,
  blockLimit: number,
): BlockHead {
  const end = at + have;
  // Behind the last byte that was looked at: where the fault was noticed.
  let seen = at;
  const fault = (kind: 'truncated' | 'corrupt' | 'limit', message: string, expected: string, found: string) =>
    new FormatError(kind, message, { position, noticedAt: position + seen - at, expected, found });
  const number = (what: string) => {
    const { value, next } = decodeLong(bytes, seen, end);
    if (next === 'truncated') {
      seen = end;
      throw fault(
        'truncated',
        'the file ends in the head of a block',
        what,
        `${remaining} bytes to the end of the file`,
      );
    }
    if (next === 'too long') {
      seen += LONGEST_LONG;
      throw fault('corrupt', 'the head of a block is damaged', `${what}, at most 10 bytes long`, 'a longer number');
    }
    seen = next;
    return value;
  };
  const count = number('the number of records');
  if (count < 0 || count > MOST_RECORDS)
    throw fault('corrupt', 'the head of a block is damaged', `0 to ${MOST_RECORDS} records`, `${exactLong(bytes, at)}`);
  const sizeAt = seen;
  const size = number('the size of the block');
  if (size < 0)
    throw fault(
      'corrupt',
      'the head of a block is damaged',
      'a size of zero or more bytes',
      `${exactLong(bytes, sizeAt)}`,
    );
  const head = { count, size, headLength: seen - at };
  if (blockLength(head) > remaining)
    throw fault(
      'truncated',
      'the file ends inside of a block',
      `${exactLong(bytes, sizeAt)} bytes of data and a sync marker of ${SYNC_LENGTH} bytes`,
      `${remaining - head.headLength} bytes to the end of the file`,
    );
  if (head.size > blockLimit)
    throw fault(
      'limit',
      'a block is larger than the limit blockLimit',
      `at most ${blockLimit} bytes`,
      `${exactLong(bytes, sizeAt)}`,
    );
  return head;
}

export function isMarkerAt(bytes: Uint8Array, at: number, marker: Uint8Array): boolean {
  for (let i = 0; i < SYNC_LENGTH; i++) if (bytes[at + i] !== marker[i]) return false;
  return true;
}

/** Makes the block at the reader's position available whole, and checks its head and its sync marker. */
export async function fillBlock(reader: ReadAhead, marker: Uint8Array, blockLimit: number): Promise<BlockHead> {
  const position = reader.position;
  const have = Math.min(await reader.fill(LONGEST_HEAD), LONGEST_HEAD);
  const head = parseBlockHead(reader.buffer, reader.at, have, position, reader.remaining, blockLimit);
  const length = blockLength(head);
  await reader.fill(length);
  const markerAt = reader.at + length - SYNC_LENGTH;
  if (!isMarkerAt(reader.buffer, markerAt, marker))
    throw new FormatError('corrupt', 'the sync marker after a block is damaged, or the size of the block is', {
      position,
      noticedAt: position + length,
      expected: Buffer.from(marker).toString('hex'),
      found: Buffer.from(reader.buffer.subarray(markerAt, markerAt + SYNC_LENGTH)).toString('hex'),
    });
  return head;
}
