import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { RegisteredSchema } from '../../../../connections/registry/schema-registry.ts';
import type { SchemaKey } from '../../../log/values/datum-source.ts';
import { schemaKeyOf, type FoundFrame, type Side } from '../../../log/values/schema-key.ts';

/** Ids that the registry doesn't know, after which it isn't asked again: bytes that only look like frames. */
const MOST_UNKNOWN = 1000;

export interface FrameIdsOptions {
  /** The schema of an id or GUID; undefined where the registry has none. What is found is copied beside the data. */
  load: (key: SchemaKey, side: Side, signal: AbortSignal) => Promise<RegisteredSchema | undefined>;
  keys: boolean;
  values: boolean;
}

/** Finds the schemas that keys and values name, wherever Confluent's serializers put the name. */
export class FrameIds {
  /** Ids in the registry of what was looked at last; -1 where there is none. */
  keyId = -1;
  valueId = -1;
  /** First byte of the value behind its frame; of no meaning where `valueId` is -1. */
  datumStart = 0;
  readonly #options: FrameIdsOptions;
  readonly #known = { key: new Map<SchemaKey, number>(), value: new Map<SchemaKey, number>() };
  readonly #found: FoundFrame = { start: 0, fault: undefined };
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
