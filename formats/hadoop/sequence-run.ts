import type { Decompress } from '../codecs/codec.ts';
import { withPosition } from '../with-position.ts';
import type { ReadAhead } from '../read-ahead.ts';
import { sequenceFault } from './sequence-record.ts';
import type { SequenceLimits, SequenceRecord } from './sequence-record.ts';
import { isSyncAt, SYNC_ESCAPE, SYNC_POINT_LENGTH } from './sync-point.ts';

/** The two numbers at the head of a record, and the record's bytes with them. */
export interface RecordHead {
  length: number;
  keyLength: number;
}

const HEAD_LENGTH = 8;

/** A batch ends when it holds this many records, or bytes. */
const BATCH_RECORDS = 1024;
const BATCH_BYTES = 1024 * 1024;

function int32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/**
 * Reads and checks the head of the record at the reader's position, or the sync point that is there. Nothing is used
 * up, and no more than the head is waited for.
 */
export async function readRecordHead(
  reader: ReadAhead,
  marker: Uint8Array | undefined,
  recordLimit: number,
): Promise<RecordHead | 'sync'> {
  if (reader.available < SYNC_POINT_LENGTH) await reader.fill(SYNC_POINT_LENGTH);
  const { buffer, at, position, remaining } = reader;
  if (remaining < 4)
    throw sequenceFault(
      'truncated',
      'the file ends in the length of a record',
      position,
      position + remaining,
      '4 bytes',
      `${remaining}`,
    );
  const recordLength = int32(buffer, at);
  if (recordLength === SYNC_ESCAPE && marker !== undefined) {
    if (remaining < SYNC_POINT_LENGTH)
      throw sequenceFault(
        'truncated',
        'the file ends in a sync marker',
        position,
        position + remaining,
        `${SYNC_POINT_LENGTH} bytes`,
        `${remaining}`,
      );
    if (isSyncAt(buffer, at, marker)) return 'sync';
    throw sequenceFault(
      'corrupt',
      'a sync marker is damaged',
      position,
      position + SYNC_POINT_LENGTH,
      Buffer.from(marker).toString('hex'),
      Buffer.from(buffer.subarray(at + 4, at + SYNC_POINT_LENGTH)).toString('hex'),
    );
  }
  if (remaining < HEAD_LENGTH)
    throw sequenceFault(
      'truncated',
      'the file ends in the head of a record',
      position,
      position + remaining,
      `${HEAD_LENGTH} bytes`,
      `${remaining}`,
    );
  const noticedAt = position + HEAD_LENGTH;
  const keyLength = int32(buffer, at + 4);
  if (recordLength < 0)
    throw sequenceFault(
      'corrupt',
      'the length of a record is negative',
      position,
      noticedAt,
      'zero or more',
      `${recordLength}`,
    );
  if (keyLength < 0 || keyLength > recordLength)
    throw sequenceFault(
      'corrupt',
      'the length of a key is wrong',
      position,
      noticedAt,
      `0 to ${recordLength}, the length of the record`,
      `${keyLength}`,
    );
  if (HEAD_LENGTH + recordLength > remaining)
    throw sequenceFault(
      'truncated',
      'the file ends inside of a record',
      position,
      noticedAt,
      `${recordLength} bytes`,
      `${remaining - HEAD_LENGTH}`,
    );
  if (recordLength > recordLimit)
    throw sequenceFault(
      'limit',
      'a record is larger than the limit recordLimit',
      position,
      noticedAt,
      `at most ${recordLimit} bytes`,
      `${recordLength}`,
    );
  return { length: HEAD_LENGTH + recordLength, keyLength };
}

/**
 * Reads records of a file without block compression from the reader's position on, until the batch is full, the file
 * ends, or a sync point at or after `end` is reached. An error ends the batch early and is thrown by the next call,
 * so that the records before it come out.
 *
 * @returns records, and whether there is nothing more to read in the split
 */
export async function readRun(
  reader: ReadAhead,
  marker: Uint8Array | undefined,
  end: number,
  limits: SequenceLimits,
  decompress: Decompress | undefined,
  records: SequenceRecord[],
): Promise<boolean> {
  let bytes = 0;
  while (records.length < BATCH_RECORDS && bytes < BATCH_BYTES) {
    if (reader.remaining === 0) return true;
    const head = await readRecordHead(reader, marker, limits.recordLimit);
    if (head === 'sync') {
      if (reader.position >= end) return true;
      reader.take(SYNC_POINT_LENGTH);
      continue;
    }
    const position = reader.position;
    if (reader.available < head.length) await reader.fill(head.length);
    const start = reader.at + HEAD_LENGTH;
    reader.at += head.length;
    const key = reader.buffer.subarray(start, start + head.keyLength);
    let value = reader.buffer.subarray(start + head.keyLength, reader.at);
    if (decompress !== undefined) {
      try {
        value = decompress(value, { limit: limits.decompressedLimit });
      } catch (error) {
        throw withPosition(error, position, reader.position);
      }
    }
    records.push({ position, ordinal: 0, key, value });
    bytes += key.length + value.length;
  }
  return false;
}
