import type { ByteSource } from '../../formats/byte-source.ts';
import { openContainer, type Container, type ContainerBlock } from '../../formats/avro/container.ts';
import { FormatError } from '../../formats/format-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { avroRecordReader, type AvroRecordReader } from './avro-record-reader.ts';
import type { RecordSink } from './record-sink.ts';
import type { SkippedRecords } from './skipped-records.ts';

export interface AvroFileDecoding {
  job: ReplayJob;
  /** Bytes [start, end) of this split, if the file was cut. */
  range: { start: number; end: number } | undefined;
  schema: string | undefined;
  sink: RecordSink;
  skipped: SkippedRecords;
  path: string;
}

/** Decodes the blocks of an Avro container file that belong to the split; yields whenever the sort buffer is full. */
export async function* decodeAvroFile(source: ByteSource, decoding: AvroFileDecoding): AsyncGenerator<void> {
  const { job, range, sink, skipped, path } = decoding;
  const container = await openContainer(source);
  const reader = inHeader(container, () => avroRecordReader(job, container.schemaJson, decoding.schema));
  inHeader(container, () => sink.useTimeUnit(reader.timeUnit));
  const blocks = container.blocks({
    ...range,
    onBadBlock: (error, bytes) => {
      skipped.orThrow(error, path, { records: bytes.count ?? 1 });
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
  decoding: AvroFileDecoding,
): boolean {
  const { sink } = decoding;
  const { data, count } = block;
  while (cursor.record < count) {
    if (sink.isFull) return false;
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
      { records: 0 },
    );
  return true;
}

/**
 * A record that can't be resolved or has no time is stepped over alone; after one that can't even be read, the next
 * record's place is unknown, and the rest of the block goes with it.
 */
function skipRecord(
  error: FormatError,
  block: ContainerBlock,
  cursor: BlockCursor,
  reader: AvroRecordReader,
  decoding: AvroFileDecoding,
): void {
  const left = block.count - cursor.record;
  const placed = new FormatError(error.fault, error.message, {
    ...error.facts,
    position: block.position,
    noticedAt: block.end,
    ordinal: cursor.record,
  });
  const next = error.fault === 'schema' || error.fault === 'time' ? positionAfter(block, cursor, reader) : undefined;
  decoding.skipped.orThrow(placed, decoding.path, { records: next === undefined ? left : 1 });
  cursor.position = next ?? block.data.length;
  cursor.record = next === undefined ? block.count : cursor.record + 1;
}

function positionAfter({ data }: ContainerBlock, cursor: BlockCursor, reader: AvroRecordReader): number | undefined {
  try {
    return reader.skip(data, cursor.position, data.length);
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
