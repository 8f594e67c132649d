import { openContainerWriter, syncMarkerOf, type ContainerWriter } from '../../../../formats/avro/container-writer.ts';
import { compileDatumWriter, type DatumWriter } from '../../../../formats/avro/datum-writer.ts';
import { compileInt64Reader, type Int64Reader } from '../../../../formats/avro/int64-reader.ts';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';
import type { AvroSchema } from '../../../../formats/avro/schema/schema.ts';
import type { AvroWriteCodec } from '../../../../formats/codecs/compress/avro-compressors.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import type { Int64 } from '../../../../formats/int64.ts';
import type { ByteSink } from '../../../../formats/output/byte-sink.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { LeftReason } from '../../../log/left-reasons.ts';
import type { SchemaByKey } from '../../../log/schemas/registry-schemas.ts';
import type { DatumSource, SchemaKey } from '../../../log/values/datum-source.ts';
import type { TimeFault } from './json-time.ts';
import { producerReader, type Producer, type ReadProducer } from './producer.ts';
import { stepsOfTime } from './time-steps.ts';
import type { ValueReader } from './value-reader.ts';

/** Where Camus's decoders look for the time of a record. */
const CAMUS_TIME_PATHS = [['header', 'time'], ['timestamp']];

export interface AvroValuesOptions {
  source: DatumSource;
  schemaByKey: SchemaByKey;
  /** JSON of the reader's schema, pinned in the plan; undefined: each record's own, and a file for each of them. */
  reader: string | undefined;
  /** Path of the field that holds the time. @default where Camus's decoders look */
  timeField: string | undefined;
  codec: AvroWriteCodec;
  /** @default that of the codec */
  level?: number | undefined;
}

/** A field with a time, and the milliseconds in a step of it. */
interface TimeReader {
  field: Int64Reader;
  scale: number;
}

/** How records of one writer's schema are taken. */
interface Writer {
  /** The first that is not null counts. */
  times: readonly TimeReader[];
  /** Brings the value that was found to its datum. */
  decode: () => void;
  datum: DatumWriter;
  producer: ReadProducer;
  form: string;
  schemaJson: string;
}

/** Avro values: checked and copied where writer and reader mean the same, else resolved. */
export class AvroValues implements ValueReader {
  time = Number.NaN;
  wrong = '';
  /** A field that the job names; where Camus looks by itself there may be none. */
  readonly timeFault: TimeFault | undefined;
  readonly #options: AvroValuesOptions;
  readonly #source: DatumSource;
  readonly #reader: AvroSchema | undefined;
  /** By the id or GUID; one that can't be used with the reason. */
  readonly #writers = new Map<SchemaKey, Writer | { reason: LeftReason; wrong: string }>();
  readonly #raw: Int64 = { hi: 0, lo: 0 };
  #key: SchemaKey | undefined;
  #writer: Writer | undefined;

  constructor(options: AvroValuesOptions) {
    this.#options = options;
    this.timeFault = options.timeField === undefined ? undefined : 'missing';
    this.#source = options.source;
    this.#reader = options.reader === undefined ? undefined : parseSchema(options.reader);
  }

  get form(): string {
    return this.#writer!.form;
  }

  look(record: RecordCursor): LeftReason | 'schema' | undefined {
    const source = this.#source;
    const key = source.find(record);
    if (key === undefined) {
      this.wrong = source.wrong;
      return source.fault;
    }
    if (key !== this.#key) {
      const known = this.#writers.get(key);
      this.#key = key;
      if (known === undefined) {
        this.#writer = undefined;
        return 'schema';
      }
      if ('reason' in known) {
        this.#key = undefined;
        this.wrong = known.wrong;
        return known.reason;
      }
      this.#writer = known;
    }
    const writer = this.#writer;
    if (writer === undefined) return 'schema';
    this.time = Number.NaN;
    try {
      writer.decode();
      for (const { field, scale } of writer.times)
        if (field.read(source.bytes, source.start, source.end, this.#raw)) {
          this.time = (this.#raw.hi * 2 ** 32 + this.#raw.lo) * scale;
          break;
        }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.wrong = error.message;
      return 'corrupt';
    }
    return undefined;
  }

  async loadSchema(signal: AbortSignal): Promise<void> {
    const key = this.#key!;
    this.#key = undefined;
    this.#writers.set(key, await this.#load(key, signal));
  }

  async openFile(sink: ByteSink, seed: string): Promise<FileWriter> {
    const { codec, level } = this.#options;
    const { schemaJson } = this.#writer!;
    return openContainerWriter({ schemaJson, codec, level, syncMarker: syncMarkerOf(seed), sink });
  }

  producer(): Producer {
    const { bytes, start, end } = this.#source;
    return this.#writer!.producer(bytes, start, end);
  }

  append(file: FileWriter): boolean {
    const { bytes, start, end } = this.#source;
    return (file as ContainerWriter).append(this.#writer!.datum, bytes, start, end);
  }

  async #load(key: SchemaKey, signal: AbortSignal): Promise<Writer | { reason: LeftReason; wrong: string }> {
    try {
      const json = await this.#options.schemaByKey(key, signal);
      if (json !== undefined) return this.#compile(key, json);
      return { reason: 'unknown-schema', wrong: `the registry has no schema of id ${key}` };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return { reason: 'schema', wrong: `the schema of id ${key} can't be used: ${error.message}` };
    }
  }

  #compile(key: SchemaKey, json: string): Writer {
    const writer = parseSchema(json, { lenient: true });
    return {
      times: this.#timesOf(writer).map((field) => ({ field, scale: stepsOfTime(field) })),
      decode: this.#source.decoder(writer),
      datum: compileDatumWriter(writer, this.#reader ?? writer),
      producer: producerReader(writer),
      form: this.#reader === undefined ? `schema-${key}` : '',
      schemaJson: this.#options.reader ?? json,
    };
  }

  /** The job's field must be there; of those where Camus looks any may be, and may be null in one record or another. */
  #timesOf(writer: AvroSchema): Int64Reader[] {
    const { timeField } = this.#options;
    if (timeField !== undefined) return [compileInt64Reader(writer, timeField.split('.'))];
    return CAMUS_TIME_PATHS.flatMap((path) => {
      try {
        return [compileInt64Reader(writer, path)];
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        return [];
      }
    });
  }
}
