import type { ByteSource } from '../../../formats/byte-source.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { openParquet, type ParquetRecord } from '../../../formats/parquet/parquet-file.ts';
import { withPosition } from '../../../formats/with-position.ts';
import { avroRecordReader } from './avro-record-reader.ts';
import type { DecoderInput } from './decoder-input.ts';
import { pulse } from './thread-pulse.ts';

/**
 * Decodes the records of a Parquet file, which become Avro data of the schema that they were written with; yields
 * whenever the sort buffer is full. Behind a page that can't be read its row group is lost, as many rows as the footer
 * counts: nothing tells which values of other columns belong together.
 */
export async function* decodeParquetFile(source: ByteSource, decoding: DecoderInput): AsyncGenerator<void> {
  const { job, sink, skipped, path } = decoding;
  const file = await openParquet(source);
  const reader = inFooter(file.footer, source.length, () => {
    const reader = avroRecordReader(job, file.schemaJson, decoding.schema, decoding.functions);
    sink.useTimeUnit(reader.timeUnit, reader.timeOrigin);
    return reader;
  });
  sink.remark(reader.remarks);
  for (const group of file.groups) {
    let taken = 0;
    try {
      for await (const record of file.records(group)) {
        if (sink.isFull) yield;
        taken += 1;
        pulse.record(record.position, record.ordinal);
        try {
          reader.readWhole(record.bytes, sink);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
          skipped.orThrow(inRecord(error, record), path, { records: 1 });
        }
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      skipped.orThrow(error, path, { records: group.rows - taken });
    }
  }
}

/** Positions in the Avro data that was made of a record say nothing about the file. */
function inRecord(error: FormatError, { position, ordinal }: ParquetRecord): FormatError {
  const { noticedAt: _inTheDatum, ...facts } = error.facts;
  return new FormatError(error.fault, error.message, { ...facts, position, ordinal });
}

/** Faults of the schema are faults of the footer. */
function inFooter<T>(position: number, end: number, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw withPosition(error, position, end);
  }
}
