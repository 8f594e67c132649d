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
import type { DatumSource, SchemaKey } from './datum-source.ts';

const HEADER_NAME = Buffer.from(SCHEMA_ID_HEADERS.value);

/**
 * Values in the frame of a schema registry: byte 0 and the schema's id in front, byte 1 and its GUID, or the same in a
 * header, and the datum alone (Confluent Platform 8). A header goes before a frame, as Confluent's deserializer has it.
 */
export class FramedDatums implements DatumSource {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  readonly fault = 'frame';
  wrong = '';

  find(record: RecordCursor): SchemaKey | undefined {
    const { bytes, valueStart, valueEnd } = record;
    this.bytes = bytes;
    this.end = valueEnd;
    if (record.headerCount > 0 && bytes.subarray(valueEnd, record.recordEnd).includes(HEADER_NAME)) {
      const header = record.headers().findLast(({ name }) => name === SCHEMA_ID_HEADERS.value)?.value;
      if (header !== undefined && header !== null)
        return this.#read(() => ({ schema: readSchemaIdHeader(header), start: valueStart }));
    }
    const id = schemaIdAt(bytes, valueStart, valueEnd);
    if (id < 0) return this.#read(() => readSchemaFrame(bytes, valueStart, valueEnd));
    this.start = valueStart + ID_FRAME_LENGTH;
    return id;
  }

  decoder(): () => void {
    return () => undefined;
  }

  #read(read: () => { schema: SchemaId; start: number }): SchemaKey | undefined {
    try {
      const { schema, start } = read();
      this.start = start;
      return 'id' in schema ? schema.id : schema.guid;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const { expected, found } = error.facts;
      this.wrong = `${error.message}: expected ${expected}, found ${found}`;
      return undefined;
    }
  }
}
