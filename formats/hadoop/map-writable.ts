import { FormatError } from '../format-error.ts';
import type { WritableInput } from './writable-input.ts';
import { writableReader } from './writables.ts';
import type { WritableValue } from './writables.ts';

/** Ids that `AbstractMapWritable` knows without being told. */
const KNOWN_IDS: readonly (readonly [number, string])[] = [
  [-127, 'ArrayWritable'],
  [-126, 'BooleanWritable'],
  [-125, 'BytesWritable'],
  [-124, 'FloatWritable'],
  [-123, 'IntWritable'],
  [-122, 'LongWritable'],
  [-121, 'MapWritable'],
  [-120, 'MD5Hash'],
  [-119, 'NullWritable'],
  [-118, 'ObjectWritable'],
  [-117, 'SortedMapWritable'],
  [-116, 'Text'],
  [-115, 'TwoDArrayWritable'],
  [-114, 'VIntWritable'],
  [-113, 'VLongWritable'],
];

const HADOOP_IO = 'org.apache.hadoop.io.';
const MAPS = new Set([`${HADOOP_IO}MapWritable`, `${HADOOP_IO}SortedMapWritable`]);

/** Maps in maps deeper than this are refused: data may not decide how deep the stack goes. */
const DEEPEST = 32;

function classesOf(input: WritableInput): Map<number, string> {
  const classes = new Map(KNOWN_IDS.map(([id, name]) => [id, HADOOP_IO + name]));
  const added = (input.byte('the number of classes of a MapWritable') << 24) >> 24;
  if (added < 0)
    throw new FormatError('corrupt', 'the number of classes of a MapWritable is negative', {
      expected: 'zero or more',
      found: `${added}`,
    });
  for (let i = 0; i < added; i++) {
    const id = (input.byte('a class id of a MapWritable') << 24) >> 24;
    classes.set(id, input.modifiedUtf8('a class name of a MapWritable'));
  }
  return classes;
}

/**
 * Reads a MapWritable or SortedMapWritable, entries in stored order.
 * @throws FormatError 'truncated', 'corrupt', or 'unsupported' for a class that is not known
 */
export function readMapWritable(input: WritableInput, depth = 0): Map<WritableValue, WritableValue> {
  if (depth > DEEPEST)
    throw new FormatError('limit', 'maps are nested too deep', { expected: `${DEEPEST} levels`, found: 'more' });
  const classes = classesOf(input);
  const value = (): WritableValue => {
    const id = (input.byte('a class id in a MapWritable') << 24) >> 24;
    const name = classes.get(id);
    if (name === undefined)
      throw new FormatError('corrupt', 'a MapWritable names a class that it does not define', {
        expected: [...classes.keys()].join(', '),
        found: `${id}`,
      });
    return MAPS.has(name) ? readMapWritable(input, depth + 1) : writableReader(name)(input);
  };
  const count = input.int32('the number of entries of a MapWritable');
  // An entry takes two bytes at least, so the bytes that are there bound the loop.
  if (count < 0 || count > input.remaining / 2)
    throw new FormatError('corrupt', 'the number of entries of a MapWritable is wrong', {
      expected: `0 to ${Math.floor(input.remaining / 2)}`,
      found: `${count}`,
    });
  const map = new Map<WritableValue, WritableValue>();
  for (let i = 0; i < count; i++) {
    const key = value();
    map.set(key, value());
  }
  return map;
}
