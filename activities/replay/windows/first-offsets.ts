import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { openContainer, type Container } from '../../../formats/avro/container.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { int64ToBigInt } from '../../../formats/int64.ts';
import { EnvelopeReader } from '../../../formats/record-envelope/envelope-reader.ts';
import { withHeadKept } from '../decode/kept-head.ts';
import type { OffsetLook } from './offset-splits.ts';

/** Bytes of a file's start that are read at once: its header and its first block, which in files of Rewind's has 128 KiB before it shrinks. */
const FIRST_BLOCK_BYTES = 192 * 1024;
/** Bytes a read of a later part. */
const READ_BYTES = 128 * 1024;

/** A file of whole records that is looked at. */
export interface LookedFile {
  /** Partition and offset of the first record of a part, or of the file; undefined where it has none. */
  first(range: OffsetLook['range'], signal: AbortSignal): Promise<FirstRecord | undefined>;
}

export interface FirstRecord {
  partition: number;
  offset: bigint;
  /** Offsets for each byte of its block, from the first record to the last one. */
  offsetsPerByte: number;
}

/**
 * Opens a file of whole records for a look at the first of each of its parts.
 *
 * @throws FormatError for what can't be read, here and where it is looked at; ConnectionError
 */
export async function openLookedFile(
  store: FileStore,
  file: OffsetLook['file'],
  signal: AbortSignal,
): Promise<LookedFile> {
  const source = withHeadKept(openFileSource(store, { ...file, kind: 'file' }), FIRST_BLOCK_BYTES);
  const container = await openContainer(source, { signal });
  const envelope = new EnvelopeReader(parseSchema(container.schemaJson, { lenient: true }), container.schemaJson);
  return { first: (range, looking) => firstOf(container, envelope, range, looking) };
}

async function firstOf(
  container: Container,
  envelope: EnvelopeReader,
  range: OffsetLook['range'],
  signal: AbortSignal,
): Promise<FirstRecord | undefined> {
  const blocks = container.blocks({ ...range, window: READ_BYTES, ahead: false, signal });
  for await (const { count, data, position, end } of blocks) {
    if (count === 0) continue;
    const behind = envelope.read(data, 0, data.length);
    const { partition } = envelope;
    const offset = offsetOf(envelope);
    const more = Number(lastOffset(envelope, { data, count, behind }) - offset);
    // Lower ones are found where they are decoded.
    return { partition, offset, offsetsPerByte: (Math.max(0, more) + 1) / (end - position) };
  }
  return undefined;
}

/** Of the records of a block, the first of which is at hand, as far as they can be read: the rest is told where it is decoded. */
function lastOffset(
  envelope: EnvelopeReader,
  { data, count, behind }: { data: Uint8Array; count: number; behind: number },
): bigint {
  let last = offsetOf(envelope);
  try {
    for (let record = 1, at = behind; record < count; record += 1) {
      at = envelope.read(data, at, data.length);
      last = offsetOf(envelope);
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  return last;
}

function offsetOf({ offset }: EnvelopeReader): bigint {
  return int64ToBigInt(offset.hi, offset.lo);
}
