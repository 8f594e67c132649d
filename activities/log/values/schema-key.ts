import type { RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';
import { FormatError } from '../../../formats/format-error.ts';
import {
  ID_FRAME_LENGTH,
  readSchemaFrame,
  readSchemaIdHeader,
  SCHEMA_ID_HEADERS,
  schemaIdAt,
  type SchemaId,
} from '../../../formats/registry-frame/schema-id.ts';
import type { SchemaKey } from './datum-source.ts';

export type Side = 'key' | 'value';

/** What `schemaKeyOf` finds beside the key: written to, since an object for each record would cost more than finding. */
export interface FoundFrame {
  /** First byte behind the frame; of no meaning where no key was found. */
  start: number;
  /** What is wrong with something that is like a frame; undefined for bytes that are not. */
  fault: FormatError | undefined;
}

const HEADER_NAMES = { key: Buffer.from(SCHEMA_ID_HEADERS.key), value: Buffer.from(SCHEMA_ID_HEADERS.value) };
/** First byte of a frame with a GUID. */
const GUID_FRAME = 1;

/**
 * What a key or a value, [start, end), calls its schema, wherever Confluent's serializers put it: byte 0 and the schema's
 * id in front, byte 1 and its GUID, or the same in a header (Confluent Platform 8), which goes before a frame as
 * Confluent's deserializer has it. Undefined for what has no frame, or a damaged one.
 */
export function schemaKeyOf(
  record: RecordCursor,
  side: Side,
  start: number,
  end: number,
  found: FoundFrame,
): SchemaKey | undefined {
  const { bytes, headerCount, headersStart, recordEnd } = record;
  found.fault = undefined;
  if (headerCount > 0 && bytes.subarray(headersStart, recordEnd).includes(HEADER_NAMES[side])) {
    const header = record.headers().findLast(({ name }) => name === SCHEMA_ID_HEADERS[side])?.value;
    if (header !== undefined && header !== null)
      return read(() => ({ schema: readSchemaIdHeader(header), start }), found);
  }
  const id = schemaIdAt(bytes, start, end);
  found.start = start + ID_FRAME_LENGTH;
  if (id >= 0) return id;
  // Most that is no frame is told by its first byte, without an error for each record.
  return end > start && bytes[start] === GUID_FRAME ? read(() => readSchemaFrame(bytes, start, end), found) : undefined;
}

/** Why bytes that have no schema's key are no frame. */
export function frameFault(bytes: Buffer, start: number, end: number, { fault }: FoundFrame): FormatError | undefined {
  if (fault !== undefined) return fault;
  const found = { start, fault };
  read(() => readSchemaFrame(bytes, start, end), found);
  return found.fault;
}

function read(frame: () => { schema: SchemaId; start: number }, found: FoundFrame): SchemaKey | undefined {
  try {
    const { schema, start } = frame();
    found.start = start;
    return 'id' in schema ? schema.id : schema.guid;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    found.fault = error;
    return undefined;
  }
}
