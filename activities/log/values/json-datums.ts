import type { RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';
import { putJsonDatum } from '../../../formats/avro/json-datum.ts';
import { JsonNumber, parseJsonText, type JsonObject } from '../../../formats/avro/schema/json-text.ts';
import type { AvroSchema } from '../../../formats/avro/schema/schema.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { FormatError } from '../../../formats/format-error.ts';
import type { DatumSource, SchemaKey } from './datum-source.ts';

/** Avro JSON whose schema's id is one of its fields, as Camus's JSONToAvroMessageDecoder takes it. */
export class JsonDatums implements DatumSource {
  readonly #idField: string;
  readonly #out = new ByteWriter(4096);
  #value: JsonObject = new Map();
  bytes = this.#out.bytes;
  readonly start = 0;
  end = 0;
  readonly fault = 'frame';
  wrong = '';

  constructor(idField: string) {
    this.#idField = idField;
  }

  find({ bytes, valueStart, valueEnd }: RecordCursor): SchemaKey | undefined {
    const text = bytes.toString('utf8', valueStart, valueEnd);
    try {
      JSON.parse(text); // strict; what comes next keeps numbers exact, and is not
      const value = parseJsonText(text);
      if (!(value instanceof Map)) return this.#unlike('an object', text);
      this.#value = value;
    } catch (error) {
      if (!(error instanceof SyntaxError) && !(error instanceof FormatError)) throw error;
      return this.#unlike('JSON', text);
    }
    const id = this.#value.get(this.#idField);
    const digits = id instanceof JsonNumber ? id.text : id;
    if (typeof digits === 'string' && /^\d{1,10}$/.test(digits) && Number(digits) < 2 ** 31) return Number(digits);
    return this.#unlike(`a field ${this.#idField} with the id of a schema`, text);
  }

  decoder(schema: AvroSchema): () => void {
    return () => {
      this.#out.length = 0;
      putJsonDatum(schema, this.#value, this.#out, this.#idField);
      this.bytes = this.#out.bytes;
      this.end = this.#out.length;
    };
  }

  #unlike(expected: string, text: string): undefined {
    this.wrong = `expected ${expected}, found ${JSON.stringify(text.slice(0, 60))}`;
    return undefined;
  }
}
