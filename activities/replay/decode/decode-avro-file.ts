import type { ByteSource } from '../../../formats/byte-source.ts';
import { lostIn } from '../../../formats/counted-records.ts';
import { openContainer, type Container, type ContainerBlock } from '../../../formats/avro/container.ts';
import { FormatError, type FormatFault } from '../../../formats/format-error.ts';
import { avroRecordReader, type AvroRecordReader } from './avro-record-reader.ts';
import type { DecoderInput } from './decoder-input.ts';
import { threadMemory } from './thread-memory.ts';
import { pulse } from './thread-pulse.ts';
import { wholeRecordReader } from './whole-record-reader.ts';

/** Bytes a read of a sample: they lie in the head of the file, which is kept. */
export const SAMPLE_WINDOW = 16 * 1024;

/** Decodes the blocks of an Avro container file that belong to the split; yields whenever the sort buffer is full. */
export async function* decodeAvroFile(source: ByteSource, decoding: DecoderInput): AsyncGenerator<void> {
  const { job, schema, functions } = decoding;
  yield* decodeContainer(source, decoding, (writer) => avroRecordReader(job, writer, schema, functions));
}

/** The same for a file whose records are Kafka's own, whole. */
export async function* decodeWholeRecords(source: ByteSource, decoding: DecoderInput): AsyncGenerator<void> {
  yield* decodeContainer(source, decoding, (writer) => wholeRecordReader(decoding.job, writer, decoding.path));
}

async function* decodeContainer(
  source: ByteSource,
  decoding: DecoderInput,
  readerOf: (writerJson: string) => AvroRecordReader,
): AsyncGenerator<void> {
  const { range, sink, skipped, path, sampling = false } = decoding;
  const container = await openContainer(source);
  const reader = inHeader(container, () => readerOf(container.schemaJson));
  inHeader(container, () => sink.useTimeUnit(reader.timeUnit, reader.timeOrigin));
  sink.remark(reader.remarks);
  const blocks = container.blocks({
    ...range,
    ...(sampling && { window: SAMPLE_WINDOW }),
    memory: threadMemory,
    onBadBlock: (error, bytes) => {
      skipped.orThrow(error, path, lostIn(bytes));
      return 'skip';
    },
  });
  for await (const block of blocks) {
    const cursor = { position: 0, record: 0 };
    while (!decodeUntilFull(block, cursor, reader, decoding)) yield;
    if (sink.isFull) yield;
  }
}

/** Where a block's decoding stands, so that it can go on after the buffer was emptied. */
interface BlockCursor {
  position: number;
  record: number;
}

/** The hot loop: true at the end of the block, false when the sort buffer is full before it. */
function decodeUntilFull(
  block: ContainerBlock,
  cursor: BlockCursor,
  reader: AvroRecordReader,
  decoding: DecoderInput,
): boolean {
  const { sink } = decoding;
  const { data, count } = block;
  while (cursor.record < count) {
    if (sink.isFull) return false;
    pulse.record(block.position, cursor.record);
    try {
      cursor.position = reader.read(data, cursor.position, data.length, sink);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      skipRecord(error, block, cursor, reader, decoding);
      continue;
    }
    cursor.record += 1;
  }
  if (cursor.position !== data.length && cursor.record === count)
    decoding.skipped.orThrow(
      new FormatError('corrupt', 'a block holds more bytes than its records take: its count of records is wrong', {
        position: block.position,
        noticedAt: block.end,
        expected: `${data.length} bytes of records`,
        found: `${cursor.position}`,
      }),
      decoding.path,
      { records: recordsLeft(block, cursor.position, reader) },
    );
  return true;
}

/** Records in the bytes of a block that its count leaves over; at least one, since something is lost. */
function recordsLeft({ data }: ContainerBlock, from: number, reader: AvroRecordReader): number {
  let records = 0;
  for (let position: number | undefined = from; position !== undefined && position < data.length; records += 1) {
    const next: number | undefined = skipFrom(data, position, reader);
    if (next === position) break;
    position = next;
  }
  return Math.max(1, records);
}

/** Faults of a record that can be read all the same. */
const ALONE: ReadonlySet<FormatFault> = new Set(['schema', 'time', 'function']);

/**
 * A record that can't be resolved or has no time is stepped over alone; after one that can't even be read, the next
 * record's place is unknown, and the rest of the block goes with it.
 */
function skipRecord(
  error: FormatError,
  block: ContainerBlock,
  cursor: BlockCursor,
  reader: AvroRecordReader,
  decoding: DecoderInput,
): void {
  // A count that is damaged itself may be any number; a record takes a byte at least.
  const left = Math.min(block.count - cursor.record, Math.max(1, block.data.length - cursor.position));
  const placed = new FormatError(error.fault, error.message, {
    ...error.facts,
    position: block.position,
    noticedAt: block.end,
    ordinal: cursor.record,
  });
  const next = ALONE.has(error.fault) ? skipFrom(block.data, cursor.position, reader) : undefined;
  decoding.skipped.orThrow(placed, decoding.path, { records: next === undefined ? left : 1 });
  cursor.position = next ?? block.data.length;
  cursor.record = next === undefined ? block.count : cursor.record + 1;
}

/** Position after the record at `position`; undefined where it can't be read. */
function skipFrom(data: Uint8Array, position: number, reader: AvroRecordReader): number | undefined {
  try {
    return reader.skip(data, position, data.length);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Faults of the schema are faults of the header. */
function inHeader<T>(container: Container, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.fault, error.message, {
      ...error.facts,
      position: 0,
      noticedAt: container.headerLength,
    });
  }
}
