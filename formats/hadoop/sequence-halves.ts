import { FormatError } from '../format-error.ts';
import type { Int64 } from '../int64.ts';
import type { SequenceFileHeader } from './sequence-file-header.ts';
import { writableReader } from './writables.ts';
import type { ReadWritable } from './writables.ts';

/** How the keys, or the values, of a SequenceFile are to be decoded. */
export type SequenceHalf =
  | {
      kind: 'avro';
      className: string;
      /** The writer schema: the bytes are one datum in Avro's binary encoding, without anything around it. */
      schemaJson: string;
    }
  | { kind: 'writable'; className: string; read: ReadWritable };

const AVRO_CLASSES = new Set(['org.apache.avro.mapred.AvroKey', 'org.apache.avro.mapred.AvroValue']);

function halfOf(header: SequenceFileHeader, half: 'key' | 'value'): SequenceHalf {
  const className = half === 'key' ? header.keyClass : header.valueClass;
  const place = { position: 0, noticedAt: header.headerLength };
  if (!AVRO_CLASSES.has(className)) {
    try {
      return { kind: 'writable', className, read: writableReader(className) };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new FormatError(error.fault, `the class of the ${half}s: ${error.message}`, { ...error.facts, ...place });
    }
  }
  const entry = `avro.${half}.schema`;
  const schemaJson = header.metadata.get(entry);
  if (schemaJson === undefined)
    throw new FormatError('schema', `the ${half}s of the SequenceFile are Avro data without a schema`, {
      ...place,
      expected: `${entry} in the metadata`,
      found: header.metadata.size === 0 ? 'no metadata' : [...header.metadata.keys()].join(', '),
    });
  return { kind: 'avro', className, schemaJson };
}

/**
 * How to decode the keys: Avro data of an AvroSequenceFile (`avro.key.schema`), or a Writable.
 * @throws FormatError at position 0: 'unsupported' for a class that is not known, 'schema' where there is none
 */
export function keyHalf(header: SequenceFileHeader): SequenceHalf {
  return halfOf(header, 'key');
}

/** How to decode the values, as `keyHalf`. */
export function valueHalf(header: SequenceFileHeader): SequenceHalf {
  return halfOf(header, 'value');
}

/**
 * A serialized LongWritable into two halves, for loops that can't afford a bigint a record.
 * @throws FormatError 'corrupt' where there are not 8 bytes
 */
export function longWritableInto(bytes: Uint8Array, target: Int64): void {
  if (bytes.length !== 8)
    throw new FormatError(bytes.length < 8 ? 'truncated' : 'corrupt', 'a LongWritable has the wrong length', {
      expected: '8 bytes',
      found: `${bytes.length}`,
    });
  target.hi = (bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!;
  target.lo = ((bytes[4]! << 24) | (bytes[5]! << 16) | (bytes[6]! << 8) | bytes[7]!) >>> 0;
}
