import { syncMarkerOf } from '../../../../formats/avro/container-writer.ts';
import { ByteWriter } from '../../../../formats/byte-writer.ts';
import { openSequenceFileWriter, type SequenceFileWriter } from '../../../../formats/hadoop/sequence-file-writer.ts';
import { putLength } from '../../../../formats/hadoop/writable-output.ts';
import type { FileFormat } from '../../job/file-format.ts';
import type { LineFiles } from './values-as-lines.ts';

const IO = 'org.apache.hadoop.io.';

/** SequenceFiles of time and text, as Camus's SequenceFileRecordWriterProvider writes them, compressed in blocks. */
export function sequenceFiles({ codec }: Extract<FileFormat, { format: 'sequence-file' }>): LineFiles {
  const options = {
    keyClass: `${IO}LongWritable`,
    valueClass: `${IO}Text`,
    ...(codec === 'none' ? {} : { compression: 'block' as const, codec }),
  };
  const key = Buffer.alloc(8);
  const length = new ByteWriter(8);
  return {
    // Records have lengths: whatever is in a value, it stays one.
    delimiter: undefined,
    open: (sink, seed) => openSequenceFileWriter({ ...options, syncMarker: syncMarkerOf(seed), sink }),
    append: (writer, time, bytes, start, end) => {
      key.writeBigInt64BE(BigInt(Math.trunc(time)));
      length.length = 0;
      putLength(end - start, length);
      return (writer as SequenceFileWriter).append(key, length.view(), bytes.subarray(start, end));
    },
  };
}
