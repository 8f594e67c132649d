import { FormatError } from '../format-error.ts';

/** Which schema a message was written with: a number of its registry, or a GUID that means the same to all of them. */
export type SchemaId = { readonly id: number } | { readonly guid: string };

/** A message behind its frame: `end` is the caller's. */
export interface FramedDatum {
  schema: SchemaId;
  /** First byte of the datum. */
  start: number;
}

/** Headers that hold the schema's id, so that the payload is the datum alone (Confluent Platform 8). */
export const SCHEMA_ID_HEADERS = { key: '__key_schema_id', value: '__value_schema_id' } as const;

/** A byte 0, an int32 and the datum: Confluent's frame, and Camus's. */
export const ID_FRAME_LENGTH = 5;
/** A byte 1 and the 16 bytes of a GUID. */
const GUID_FRAME_LENGTH = 17;

/** What stands in front of a datum whose schema has this id. */
export function schemaIdFrame(id: number): Buffer {
  const frame = Buffer.alloc(ID_FRAME_LENGTH);
  frame.writeInt32BE(id, 1);
  return frame;
}

/**
 * The id in a message of the usual frame, or -1 for any other: for hot loops, which ask `readSchemaFrame` then. Ids of
 * registries are not negative.
 */
export function schemaIdAt(data: Uint8Array, position: number, end: number): number {
  if (end - position < ID_FRAME_LENGTH || data[position] !== 0) return -1;
  return (data[position + 1]! << 24) | (data[position + 2]! << 16) | (data[position + 3]! << 8) | data[position + 4]!;
}

/**
 * Reads the frame in front of the datum that is [position, end) of `data`.
 * @throws FormatError 'truncated' or 'corrupt', position counted from the start of `data`
 */
export function readSchemaFrame(data: Uint8Array, position: number, end: number): FramedDatum {
  const length = end - position;
  const magic = length === 0 ? undefined : data[position];
  const expected = 'a byte 0 and 4 bytes of an id, or a byte 1 and 16 bytes of a GUID';
  if (magic !== 0 && magic !== 1 && magic !== undefined)
    throw new FormatError('corrupt', 'a message has no frame of a schema registry', {
      position,
      noticedAt: position,
      expected,
      found: `a byte ${magic}: ${Buffer.from(data.subarray(position, Math.min(end, position + 12))).toString('hex')}`,
    });
  const frame = magic === 1 ? GUID_FRAME_LENGTH : ID_FRAME_LENGTH;
  if (length < frame)
    throw new FormatError('truncated', 'a message ends in the frame of its schema registry', {
      position,
      noticedAt: end,
      expected,
      found: `${length} bytes`,
    });
  if (magic === 1) return { schema: { guid: guidText(data, position + 1) }, start: position + frame };
  const id = schemaIdAt(data, position, end);
  if (id >= 0) return { schema: { id }, start: position + frame };
  throw new FormatError('corrupt', 'a message has an id that no schema registry gives', {
    position,
    noticedAt: position + frame,
    expected: 'zero or more',
    found: String(id),
  });
}

/**
 * Reads the value of a header of `SCHEMA_ID_HEADERS`, which holds a frame and nothing else.
 * @throws FormatError 'truncated' or 'corrupt'
 */
export function readSchemaIdHeader(value: Uint8Array): SchemaId {
  const { schema, start } = readSchemaFrame(value, 0, value.length);
  if (start === value.length) return schema;
  throw new FormatError('corrupt', 'bytes follow the id of a schema in a header', {
    position: 0,
    noticedAt: start,
    expected: `${start} bytes`,
    found: String(value.length),
  });
}

function guidText(data: Uint8Array, at: number): string {
  const hex = Buffer.from(data.subarray(at, at + 16)).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
