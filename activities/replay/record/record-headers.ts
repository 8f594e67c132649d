import { int64ToBigInt } from '../../../formats/int64.ts';
import { sizeOfLength, writeLength } from './kafka-length.ts';

export const PARTITION_HEADER = 'rewind-partition';
export const FILE_HEADER = 'rewind-file';
/** The record's own time in its own unit, where Kafka can't hold it as a timestamp. */
export const TIME_HEADER = 'rewind-time';
/** The offset that a whole record had in the source topic, and who gave its timestamp: `CreateTime`, `LogAppendTime`. */
export const OFFSET_HEADER = 'rewind-offset';
export const TIMESTAMP_TYPE_HEADER = 'rewind-timestamp-type';

/** Encoded headers and how many they are, as Kafka's record batch v2 has them. */
export interface EncodedHeaders {
  bytes: Buffer;
  count: number;
}

/** Headers that are the same for every record of a source file. */
export function fileHeaders(
  which: { partition: boolean; file?: boolean | undefined },
  path: string,
  partition: number | undefined,
): EncodedHeaders {
  const headers: Buffer[] = [];
  if (which.partition && partition !== undefined) headers.push(encodeHeader(PARTITION_HEADER, String(partition)));
  if (which.file) headers.push(encodeHeader(FILE_HEADER, path));
  return { bytes: Buffer.concat(headers), count: headers.length };
}

/** The same with the original time of a record whose timestamp was clamped. */
export function withOriginalTime({ bytes, count }: EncodedHeaders, hi: number, lo: number): EncodedHeaders {
  return {
    bytes: Buffer.concat([bytes, encodeHeader(TIME_HEADER, int64ToBigInt(hi, lo).toString())]),
    count: count + 1,
  };
}

export function encodeHeader(name: string, value: string): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name, 'utf8'), Buffer.from(value, 'utf8')];
  return Buffer.concat([lengthOf(nameBytes), nameBytes, lengthOf(valueBytes), valueBytes]);
}

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(sizeOfLength(bytes.length));
  writeLength(length, 0, bytes.length);
  return length;
}
