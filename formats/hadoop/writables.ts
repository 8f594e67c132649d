import { FormatError } from '../format-error.ts';
import { WritableInput } from './writable-input.ts';

/** A decoded Writable. 64-bit integers are bigint, bytes and MD5 sums are Uint8Array, NullWritable is null. */
export type WritableValue = null | boolean | number | bigint | string | Uint8Array | Map<WritableValue, WritableValue>;

const HADOOP_IO = 'org.apache.hadoop.io.';
const CAMUS_ERROR = 'com.linkedin.camus.etl.kafka.common.ExceptionWritable';

const READERS = new Map<string, (input: WritableInput) => WritableValue>([
  [`${HADOOP_IO}NullWritable`, () => null],
  [`${HADOOP_IO}BooleanWritable`, (input) => input.boolean('a BooleanWritable')],
  [`${HADOOP_IO}ByteWritable`, (input) => (input.byte('a ByteWritable') << 24) >> 24],
  [`${HADOOP_IO}ShortWritable`, (input) => (input.uint16('a ShortWritable') << 16) >> 16],
  [`${HADOOP_IO}IntWritable`, (input) => input.int32('an IntWritable')],
  [`${HADOOP_IO}LongWritable`, (input) => input.int64('a LongWritable')],
  [`${HADOOP_IO}VIntWritable`, (input) => input.vint('a VIntWritable')],
  [`${HADOOP_IO}VLongWritable`, (input) => input.vlong('a VLongWritable')],
  [`${HADOOP_IO}FloatWritable`, (input) => floating(input.take(4, 'a FloatWritable')).getFloat32(0)],
  [`${HADOOP_IO}DoubleWritable`, (input) => floating(input.take(8, 'a DoubleWritable')).getFloat64(0)],
  [`${HADOOP_IO}MD5Hash`, (input) => input.take(16, 'an MD5Hash')],
  [`${HADOOP_IO}Text`, (input) => input.text('a Text')],
  [CAMUS_ERROR, (input) => input.text('an ExceptionWritable')],
  [
    `${HADOOP_IO}BytesWritable`,
    (input) => {
      const length = input.int32('the length of a BytesWritable');
      if (length >= 0) return input.take(length, 'a BytesWritable');
      throw new FormatError('corrupt', 'the length of a BytesWritable is negative', {
        expected: 'zero or more',
        found: `${length}`,
      });
    },
  ],
]);

function floating(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

export type ReadWritable = (input: WritableInput) => WritableValue;

/**
 * The reader of a class of Writables.
 * @throws FormatError 'unsupported' for a class that is not known here
 */
export function writableReader(className: string): ReadWritable {
  const read = READERS.get(className);
  if (read === undefined)
    throw new FormatError('unsupported', 'a class of Writables that this reader does not know', {
      expected: `one of ${[...READERS.keys()].join(', ')}`,
      found: className,
    });
  return read;
}

/**
 * Decodes bytes that hold one Writable and nothing else.
 * @throws FormatError 'corrupt' where bytes are left over, and those of the reader
 */
export function decodeWritable(read: ReadWritable, bytes: Uint8Array): WritableValue {
  const input = new WritableInput(bytes);
  const value = read(input);
  if (input.remaining > 0)
    throw new FormatError('corrupt', 'a Writable is shorter than the bytes that hold it', {
      expected: `${input.at} bytes`,
      found: `${bytes.length}`,
    });
  return value;
}

/**
 * The UTF-8 bytes of a serialized Text, as they are: what a line of a log is published as need not be decoded.
 * @throws FormatError 'corrupt' where the length beside them is another
 */
export function textBytes(serialized: Uint8Array): Uint8Array {
  const input = new WritableInput(serialized);
  const length = input.length('the length of a Text');
  if (length !== input.remaining)
    throw new FormatError(length > input.remaining ? 'truncated' : 'corrupt', 'the length of a Text is wrong', {
      expected: `${input.remaining} bytes`,
      found: `${length}`,
    });
  return input.take(length, 'a Text');
}
