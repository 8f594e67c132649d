import type { ByteSource } from '../../../formats/byte-source.ts';
import { lostIn } from '../../../formats/counted-records.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { openSequenceFile, type SequenceRecord } from '../../../formats/hadoop/sequence-file.ts';
import { withPosition } from '../../../formats/with-position.ts';
import type { DecoderInput } from './decoder-input.ts';
import { pulse } from './thread-pulse.ts';
import { sequenceRecordReader } from './sequence-record-reader.ts';

/**
 * Decodes the records of a SequenceFile that belong to the split; yields whenever the sort buffer is full. Every
 * record has its bytes to itself, so one that can't be read is left out alone.
 */
export async function* decodeSequenceFile(source: ByteSource, decoding: DecoderInput): AsyncGenerator<void> {
  const { range, sink, skipped, path } = decoding;
  const file = await openSequenceFile(source);
  const reader = inHeader(file.header.headerLength, () => {
    const reader = sequenceRecordReader(file.header, decoding);
    sink.useTimeUnit(reader.timeUnit, reader.timeOrigin);
    sink.remark(reader.remarks ?? []);
    return reader;
  });
  const batches = file.batches({
    ...range,
    onBadBlock: (error, bytes) => {
      skipped.orThrow(error, path, lostIn(bytes));
      return 'skip';
    },
  });
  for await (const batch of batches)
    for (const record of batch) {
      if (sink.isFull) yield;
      pulse.record(record.position, record.ordinal);
      try {
        reader.read(record.key, record.value, sink);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        skipped.orThrow(inRecord(error, record), path, { records: 1 });
      }
    }
}

/** Decoders of single values count positions from the value's start, which says nothing about the file. */
function inRecord(error: FormatError, { position, ordinal }: SequenceRecord): FormatError {
  const { noticedAt: _inTheValue, ...facts } = error.facts;
  return new FormatError(error.fault, error.message, { ...facts, position, ordinal });
}

/** Faults of classes and schemas are faults of the header. */
function inHeader<T>(headerLength: number, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw withPosition(error, 0, headerLength);
  }
}
