import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { RegisteredSchema } from '../../../../connections/registry/schema-registry.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import {
  ID_FRAME_LENGTH,
  readSchemaFrame,
  readSchemaIdHeader,
  SCHEMA_ID_HEADERS,
  schemaIdAt,
  type SchemaId,
} from '../../../../formats/registry-frame/schema-id.ts';
import type { SchemaKey } from '../../../log/values/datum-source.ts';

/** Ids that the registry doesn't know, after which it isn't asked again: bytes that only look like frames. */
const MOST_UNKNOWN = 1000;

export interface FrameIdsOptions {
  /** The schema of an id or GUID; undefined where the registry has none. What is found is copied beside the data. */
  load: (key: SchemaKey, side: Side, signal: AbortSignal) => Promise<RegisteredSchema | undefined>;
  keys: boolean;
  values: boolean;
}

export type Side = 'key' | 'value';

/** Finds the schemas that keys and values name, wherever Confluent's serializers put the name. */
export class FrameIds {
  /** Ids in the registry of what was looked at last; -1 where there is none. */
  keyId = -1;
  valueId = -1;
  /** First byte of the value behind its frame; of no meaning where `valueId` is -1. */
  datumStart = 0;
  readonly #options: FrameIdsOptions;
  readonly #known = { key: new Map<SchemaKey, number>(), value: new Map<SchemaKey, number>() };
  readonly #found = { start: 0 };
  #unknown = 0;
  #lacking: { key: SchemaKey; side: Side }[] = [];

  constructor(options: FrameIdsOptions) {
    this.#options = options;
  }

  /** False where schemas must be loaded before; once they were it is true. */
  look(record: RecordCursor): boolean {
    const { keys, values } = this.#options;
    if (keys) this.keyId = this.#idOf(record, 'key', record.keyStart, record.keyEnd);
    if (values) {
      this.valueId = this.#idOf(record, 'value', record.valueStart, record.valueEnd);
      this.datumStart = this.#found.start;
    }
    return this.#lacking.length === 0;
  }

  async load(signal: AbortSignal): Promise<void> {
    const lacking = this.#lacking;
    this.#lacking = [];
    for (const { key, side } of lacking) {
      // Beyond the bound nothing is asked or remembered: such a topic has as many of these bytes as it has records.
      if (this.#unknown >= MOST_UNKNOWN) return;
      const schema = await this.#options.load(key, side, signal);
      if (schema === undefined) this.#unknown += 1;
      this.#known[side].set(key, schema?.id ?? -1);
    }
  }

  #idOf(record: RecordCursor, side: Side, start: number, end: number): number {
    if (start < 0) return -1;
    const key = schemaKeyOf(record, side, start, end, this.#found);
    if (key === undefined) return -1;
    const id = this.#known[side].get(key);
    if (id === undefined && this.#unknown < MOST_UNKNOWN) this.#lacking.push({ key, side });
    return id ?? -1;
  }
}

const HEADER_NAMES = { key: Buffer.from(SCHEMA_ID_HEADERS.key), value: Buffer.from(SCHEMA_ID_HEADERS.value) };

function schemaKeyOf(
  record: RecordCursor,
  side: Side,
  start: number,
  end: number,
  found: { start: number },
): SchemaKey | undefined {
  const { bytes, headerCount, headersStart, recordEnd } = record;
  if (headerCount > 0 && bytes.subarray(headersStart, recordEnd).includes(HEADER_NAMES[side])) {
    const header = record.headers().findLast(({ name }) => name === SCHEMA_ID_HEADERS[side])?.value;
    found.start = start;
    if (header !== undefined && header !== null) return read(() => readSchemaIdHeader(header));
  }
  const id = schemaIdAt(bytes, start, end);
  found.start = start + ID_FRAME_LENGTH;
  if (id >= 0) return id;
  if (bytes[start] !== 1 || end === start) return undefined;
  return read(() => {
    const framed = readSchemaFrame(bytes, start, end);
    found.start = framed.start;
    return framed.schema;
  });
}

/** Undefined for what is no frame: the record is archived as it is. */
function read(frame: () => SchemaId): SchemaKey | undefined {
  try {
    const schema = frame();
    return 'id' in schema ? schema.id : schema.guid;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}
