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
import type { LeftReason } from '../left-reasons.ts';
import { producerReader, type Producer, type ReadProducer } from './producer.ts';
import type { ValueReader } from './value-reader.ts';

/** Byte 0 and the schema's id, big-endian, in front of the datum: Confluent's frame, and Camus's. */
const FRAME_BYTES = 5;

/** Where Camus's decoders look for the time of a record. */
const CAMUS_TIME_PATHS = [['header', 'time'], ['timestamp']];

/** Text of a writer's schema by its id; undefined for an id that the registry doesn't know. */
export type SchemaById = (id: number, signal: AbortSignal) => Promise<string | undefined>;

export interface AvroValuesOptions {
  schemaById: SchemaById;
  /** JSON of the reader's schema, pinned in the plan; undefined: each record's own, and a file for each of them. */
  reader: string | undefined;
  /** Path of the field that holds the time. @default where Camus's decoders look */
  timeField: string | undefined;
  codec: AvroWriteCodec;
  level: number;
}

/** How records of one writer's schema are taken. */
interface Writer {
  time: Int64Reader | undefined;
  /** Milliseconds in a step of the time. */
  scale: number;
  datum: DatumWriter;
  producer: ReadProducer;
  form: string;
  schemaJson: string;
}

/** Framed Avro values: checked and copied where writer and reader mean the same, else resolved. */
export class AvroValues implements ValueReader {
  time = Number.NaN;
  wrong = '';
  readonly #options: AvroValuesOptions;
  readonly #reader: AvroSchema | undefined;
  /** By the id in the frame; undefined for one that can't be used, with the reason. */
  readonly #writers = new Map<number, Writer | { reason: LeftReason; wrong: string }>();
  readonly #raw: Int64 = { hi: 0, lo: 0 };
  #id = -1;
  #writer: Writer | undefined;

  constructor(options: AvroValuesOptions) {
    this.#options = options;
    this.#reader = options.reader === undefined ? undefined : parseSchema(options.reader);
  }

  get form(): string {
    return this.#writer!.form;
  }

  look(bytes: Buffer, start: number, end: number): LeftReason | 'schema' | undefined {
    if (end - start < FRAME_BYTES || bytes[start] !== 0) {
      this.wrong = `expected byte 0 and the id of a schema in front of the value, found ${bytes.toString('hex', start, Math.min(end, start + 8)) || 'nothing'}`;
      return 'frame';
    }
    const id = bytes.readInt32BE(start + 1);
    if (id !== this.#id) {
      const known = this.#writers.get(id);
      this.#id = id;
      if (known === undefined) {
        this.#writer = undefined;
        return 'schema';
      }
      if ('reason' in known) {
        this.#id = -1;
        this.wrong = known.wrong;
        return known.reason;
      }
      this.#writer = known;
    }
    const writer = this.#writer;
    if (writer === undefined) return 'schema';
    this.time = Number.NaN;
    if (writer.time === undefined) return undefined;
    try {
      if (writer.time.read(bytes, start + FRAME_BYTES, end, this.#raw))
        this.time = (this.#raw.hi * 2 ** 32 + this.#raw.lo) * writer.scale;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.wrong = error.message;
      return 'corrupt';
    }
    return undefined;
  }

  async loadSchema(signal: AbortSignal): Promise<void> {
    const id = this.#id;
    this.#id = -1;
    const json = await this.#options.schemaById(id, signal);
    this.#writers.set(
      id,
      json === undefined
        ? { reason: 'unknown-schema', wrong: `the registry has no schema of id ${id}` }
        : this.#compile(id, json),
    );
  }

  async openFile(sink: ByteSink, seed: string): Promise<FileWriter> {
    const { codec, level } = this.#options;
    const { schemaJson } = this.#writer!;
    return openContainerWriter({ schemaJson, codec, level, syncMarker: syncMarkerOf(seed), sink });
  }

  producer(bytes: Buffer, start: number, end: number): Producer {
    return this.#writer!.producer(bytes, start + FRAME_BYTES, end);
  }

  append(file: FileWriter, _time: number, bytes: Buffer, start: number, end: number): boolean {
    return (file as ContainerWriter).append(this.#writer!.datum, bytes, start + FRAME_BYTES, end);
  }

  #compile(id: number, json: string): Writer | { reason: LeftReason; wrong: string } {
    try {
      const writer = parseSchema(json, { lenient: true });
      const time = this.#timeOf(writer);
      return {
        time,
        scale: time?.unit === 'micros' ? 1e-3 : time?.unit === 'nanos' ? 1e-6 : 1,
        datum: compileDatumWriter(writer, this.#reader ?? writer),
        producer: producerReader(writer),
        form: this.#reader === undefined ? `schema-${id}` : '',
        schemaJson: this.#options.reader ?? json,
      };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return { reason: 'schema', wrong: `the schema of id ${id} can't be used: ${error.message}` };
    }
  }

  /** The job's field must be there; of those where Camus looks the first that is. */
  #timeOf(writer: AvroSchema): Int64Reader | undefined {
    const { timeField } = this.#options;
    if (timeField !== undefined) return compileInt64Reader(writer, timeField.split('.'));
    for (const path of CAMUS_TIME_PATHS)
      try {
        return compileInt64Reader(writer, path);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    return undefined;
  }
}
