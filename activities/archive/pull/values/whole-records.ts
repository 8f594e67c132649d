import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import { openContainerWriter, syncMarkerOf, type ContainerWriter } from '../../../../formats/avro/container-writer.ts';
import type { DatumWriter } from '../../../../formats/avro/datum-writer.ts';
import type { AvroWriteCodec } from '../../../../formats/codecs/compress/avro-compressors.ts';
import type { ByteSink } from '../../../../formats/output/byte-sink.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import { ENVELOPE_SCHEMA } from '../../../../formats/record-envelope/envelope-schema.ts';
import { EnvelopeWriter } from '../../../../formats/record-envelope/envelope-writer.ts';
import type { FrameIds } from './frame-ids.ts';
import type { TimeFault } from './json-time.ts';
import { UNKNOWN_PRODUCER, type Producer } from './producer.ts';
import type { TimesInRecords } from './times-in-records.ts';
import type { ValueReader } from './value-reader.ts';

export interface WholeRecordsOptions {
  topic: string;
  codec: AvroWriteCodec;
  /** @default that of the codec */
  level?: number | undefined;
  /** What finds the ids of schemas; undefined: the columns stay null, and no registry is asked. */
  ids: FrameIds | undefined;
  /** What finds the times of values; undefined: Kafka's timestamp counts. */
  times: TimesInRecords | undefined;
}

/** Whole records in the envelope: every one has a place there, whatever it is. */
export class WholeRecords implements ValueReader {
  readonly takesNull = true;
  readonly whole = true;
  readonly form = '';
  readonly wrong = '';
  time = Number.NaN;
  timeFault: TimeFault | undefined;
  readonly #options: WholeRecordsOptions;
  readonly #datum: DatumWriter;
  #envelope: EnvelopeWriter | undefined;
  #partition = -1;
  #record: RecordCursor | undefined;

  constructor(options: WholeRecordsOptions) {
    this.#options = options;
    const { ids } = options;
    this.#datum = {
      copies: false,
      append: (_bytes, _start, _end, out) =>
        this.#envelope!.append(this.#record!, ids?.keyId ?? -1, ids?.valueId ?? -1, out),
    };
  }

  look(record: RecordCursor, partition: number): 'schema' | undefined {
    const { topic, ids, times } = this.#options;
    if (partition !== this.#partition) {
      this.#envelope = new EnvelopeWriter(topic, partition);
      this.#partition = partition;
    }
    if (ids !== undefined && !ids.look(record)) return 'schema';
    if (times !== undefined) {
      this.time = times.read(record, ids?.valueId ?? -1, ids?.datumStart ?? 0);
      this.timeFault = times.fault;
    }
    return undefined;
  }

  async loadSchema(signal: AbortSignal): Promise<void> {
    await this.#options.ids!.load(signal);
  }

  openFile(sink: ByteSink, seed: string): Promise<FileWriter> {
    const { codec, level } = this.#options;
    return openContainerWriter({ schemaJson: ENVELOPE_SCHEMA, codec, level, syncMarker: syncMarkerOf(seed), sink });
  }

  append(file: FileWriter, _time: number, record: RecordCursor): boolean {
    this.#record = record;
    return (file as ContainerWriter).append(this.#datum, record.bytes, record.recordStart, record.recordEnd);
  }

  producer(): Producer {
    return UNKNOWN_PRODUCER;
  }
}
