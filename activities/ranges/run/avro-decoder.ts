import type { RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import type { AvroSchema } from '../../../formats/avro/schema/schema.ts';
import { compileTranscoder, type Transcoder } from '../../../formats/avro/transcoder.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { FormatError } from '../../../formats/format-error.ts';
import type { SchemaByKey } from '../../log/schemas/registry-schemas.ts';
import type { DatumSource, SchemaKey } from '../../log/values/datum-source.ts';
import { exactJson } from '../../replay/functions/exact-json.ts';
import { Undecodable, type ValueDecoder } from './value-decoder.ts';

interface Writer {
  /** Brings the value that was found to its datum. */
  decode: () => void;
  transcoder: Transcoder;
}

/** Avro values as plain JSON, resolved to the reader's schema that the plan has pinned, or by each record's own. */
export class AvroDecoder implements ValueDecoder {
  readonly #source: DatumSource;
  readonly #schemaByKey: SchemaByKey;
  readonly #reader: AvroSchema | undefined;
  readonly #writers = new Map<SchemaKey, Writer | Undecodable>();
  readonly #out = new ByteWriter(4096);

  constructor(source: DatumSource, schemaByKey: SchemaByKey, reader: string | undefined) {
    this.#source = source;
    this.#schemaByKey = schemaByKey;
    this.#reader = reader === undefined ? undefined : parseSchema(reader, { lenient: true });
  }

  decode(record: RecordCursor, signal: AbortSignal): unknown {
    const source = this.#source;
    const key = source.find(record);
    if (key === undefined) throw new Undecodable(source.fault, source.wrong);
    const writer = this.#writers.get(key);
    return writer === undefined ? this.#decodeLoaded(key, record, signal) : this.#decode(writer);
  }

  async #decodeLoaded(key: SchemaKey, record: RecordCursor, signal: AbortSignal): Promise<unknown> {
    const writer = await this.#load(key, signal);
    this.#writers.set(key, writer);
    // The source may have found another value meanwhile.
    this.#source.find(record);
    return this.#decode(writer);
  }

  #decode(writer: Writer | Undecodable): unknown {
    if (writer instanceof Undecodable) throw writer;
    const [source, out] = [this.#source, this.#out];
    out.length = 0;
    try {
      writer.decode();
      const end = writer.transcoder.transcode(source.bytes, source.start, source.end, out);
      if (end !== source.end)
        throw new Undecodable(
          'corrupt',
          `expected a datum of ${source.end - source.start} bytes, found ${end - source.start}`,
        );
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new Undecodable(error.fault === 'schema' ? 'schema' : 'corrupt', error.message);
    }
    return exactJson(Buffer.from(out.view()).toString());
  }

  async #load(key: SchemaKey, signal: AbortSignal): Promise<Writer | Undecodable> {
    try {
      const json = await this.#schemaByKey(key, signal);
      if (json === undefined) return new Undecodable('unknown-schema', `the registry has no schema of id ${key}`);
      const writer = parseSchema(json, { lenient: true });
      return {
        decode: this.#source.decoder(writer),
        transcoder: compileTranscoder(writer, this.#reader ?? writer, 'json'),
      };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return new Undecodable('schema', `the schema of id ${key} can't be used: ${error.message}`);
    }
  }
}
