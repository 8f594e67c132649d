import type { RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';
import type { SchemaRegistry } from '../../../connections/registry/schema-registry.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import type { SchemaKey } from '../../log/values/datum-source.ts';
import { FramedDatums } from '../../log/values/framed-datums.ts';
import { schemaOf } from '../../log/schemas/schema-of.ts';
import { wholeSchema } from '../../log/schemas/whole-schema.ts';
import { avroRecordReader, type AvroRecordReader } from '../../replay/decode/avro-record-reader.ts';
import { RecordSink } from '../../replay/decode/record-sink.ts';
import { takeText, textTime, type TextTime } from '../../replay/decode/text-record-reader.ts';
import type { ReplayJob } from '../../replay/job/replay-job.ts';
import { BodyRecord } from './body-record.ts';

const BUFFER_BYTES = 64 * 1024;

/** Values of the source topic, brought to what the archive's records are brought to: by the same code. */
export class LogValues {
  readonly body = new BodyRecord('value');
  /** Why the last value could not be. */
  wrong = '';
  readonly #decoding: ReplayJob;
  readonly #schema: string | undefined;
  readonly #registry: SchemaRegistry | undefined;
  readonly #buffer = new SortBuffer({ capacity: BUFFER_BYTES });
  readonly #sink: RecordSink;
  readonly #frames = new FramedDatums();
  readonly #readers = new Map<SchemaKey, AvroRecordReader | string>();
  readonly #timeOf: TextTime | undefined;

  /** @param registry - that of the frames; undefined: values are text */
  constructor(decoding: ReplayJob, schema: string | undefined, registry: SchemaRegistry | undefined) {
    this.#decoding = decoding;
    this.#schema = schema;
    this.#registry = registry;
    this.#buffer.startSplit();
    this.#sink = new RecordSink(decoding, Infinity, this.#buffer);
    this.#sink.beginFile(0, { path: decoding.topic, length: 0, modifiedAt: 0, partition: 0 });
    this.#timeOf = registry === undefined ? textTime(decoding) : undefined;
    if (registry === undefined) this.#sink.useTimeUnit('millis', 'text');
  }

  /** Decodes a value that is not null into `body`; false where it can't be. */
  async read(record: RecordCursor, signal: AbortSignal): Promise<boolean> {
    this.#buffer.clear();
    try {
      if (this.#timeOf !== undefined) {
        takeText(record.bytes.subarray(record.valueStart, record.valueEnd), this.#timeOf, this.#sink);
      } else if (!(await this.#readFramed(record, signal))) return false;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.wrong = error.message;
      return false;
    }
    if (this.#buffer.count === 0) return false;
    this.body.read(this.#buffer, 0);
    return true;
  }

  async #readFramed(record: RecordCursor, signal: AbortSignal): Promise<boolean> {
    const key = this.#frames.find(record);
    if (key === undefined) {
      this.wrong = this.#frames.wrong;
      return false;
    }
    let reader = this.#readers.get(key);
    if (reader === undefined) this.#readers.set(key, (reader = await this.#load(key, signal)));
    if (typeof reader === 'string') {
      this.wrong = reader;
      return false;
    }
    const { bytes, start, end } = this.#frames;
    this.#sink.useTimeUnit(reader.timeUnit, reader.timeOrigin);
    reader.readWhole(bytes.subarray(start, end), this.#sink);
    return true;
  }

  async #load(key: SchemaKey, signal: AbortSignal): Promise<AvroRecordReader | string> {
    const registry = this.#registry!;
    const found = await schemaOf(registry, key, `${this.#decoding.topic}-value`, signal);
    if (found === undefined) return `the registry has no schema of id ${key}`;
    try {
      return avroRecordReader(this.#decoding, await wholeSchema(registry, found, signal), this.#schema);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return `the schema of id ${key} can't be used: ${error.message}`;
    }
  }
}
