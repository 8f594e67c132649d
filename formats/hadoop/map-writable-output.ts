import type { WritableOutput } from './writable-output.ts';
import type { WritableValue } from './writables.ts';

/** Ids of `AbstractMapWritable`. */
const TEXT = -116;
const LONG = -122;

/**
 * Appends a MapWritable in the order of the map; strings are Text, bigints LongWritable.
 * @throws TypeError for any other value
 */
export function putMapWritable(map: ReadonlyMap<WritableValue, WritableValue>, to: WritableOutput): void {
  // No class that is not known without being told.
  to.byte(0).int32(map.size);
  for (const entry of map) for (const value of entry) putValue(value, to);
}

function putValue(value: WritableValue, to: WritableOutput): void {
  if (typeof value === 'string') to.byte(TEXT).text(value);
  else if (typeof value === 'bigint') to.byte(LONG).int64(value);
  else throw new TypeError(`a map holds a ${typeof value}: only strings and bigints can be written`);
}
