import { crc32 } from '@node-rs/crc32';
import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { ByteSink } from '../../../../formats/output/byte-sink.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { LeftReason } from '../../../log/left-reasons.ts';
import { jsonTime, type JsonTimeOptions } from './json-time.ts';
import type { LineFiles } from './line-values.ts';
import { UNKNOWN_PRODUCER, type Producer } from './producer.ts';
import type { ValueReader } from './value-reader.ts';

/**
 * JSON objects with what stands beside them in their record, as Camus's JsonWrappedStringMessageDecoder writes them:
 * `{"topic","partition","offset","checksum","payload","key","timestamp"}`. Payload and key are as they came, without
 * blanks between their tokens: a line feed there would end the line.
 */
export class WrappedValues implements ValueReader {
  readonly form = '';
  time = Number.NaN;
  wrong = '';
  readonly #files: LineFiles;
  readonly #topic: string;
  readonly #readTime: (value: Uint8Array) => number;
  #text = '';

  constructor(files: LineFiles, topic: string, time: JsonTimeOptions) {
    this.#files = files;
    this.#topic = JSON.stringify(topic);
    this.#readTime = jsonTime(time);
  }

  look(record: RecordCursor, partition: number): LeftReason | undefined {
    const value = record.value!;
    const payload = compactObject(value);
    if (payload === undefined) return this.#unlike('value', value);
    const { key: keyBytes } = record;
    const key = keyBytes === null ? 'null' : compactObject(keyBytes);
    if (key === undefined) return this.#unlike('key', keyBytes!);
    const checksum = messageChecksum(keyBytes, value);
    this.#text = `{"topic":${this.#topic},"partition":${partition},"offset":${record.offset},"checksum":${checksum},"payload":${payload},"key":${key},"timestamp":`;
    const { delimiter } = this.#files;
    if (delimiter !== undefined && this.#text.includes(Buffer.from(delimiter).toString())) {
      this.wrong = 'the value holds what ends a line; archive it as a SequenceFile (files.format)';
      return 'delimiter';
    }
    this.time = this.#readTime(value);
    return undefined;
  }

  async loadSchema(): Promise<void> {}

  openFile(sink: ByteSink, seed: string): Promise<FileWriter> {
    return this.#files.open(sink, seed);
  }

  producer(): Producer {
    return UNKNOWN_PRODUCER;
  }

  append(writer: FileWriter, time: number): boolean {
    const line = Buffer.from(`${this.#text}${Math.trunc(time)}}`);
    return this.#files.append(writer, time, line, 0, line.length);
  }

  #unlike(what: string, bytes: Buffer): LeftReason {
    this.wrong = `expected a JSON object as ${what}, found ${JSON.stringify(bytes.toString('utf8', 0, 60))}`;
    return 'frame';
  }
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[^\s"]+/g;

/** A JSON object without blanks between its tokens, its numbers and texts as they are spelled; undefined for any other. */
function compactObject(bytes: Buffer): string | undefined {
  const text = bytes.toString();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  } catch {
    return undefined; // the caller says what was there
  }
  return text.match(TOKENS)!.join('');
}

/** The checksum that Camus's consumer saw: that of the message in Kafka's first layout, before there were timestamps. */
function messageChecksum(key: Buffer | null, value: Buffer): number {
  const head = Buffer.alloc(6);
  head.writeInt32BE(key?.length ?? -1, 2);
  const length = Buffer.alloc(4);
  length.writeInt32BE(value.length);
  let sum = crc32(head);
  if (key !== null) sum = crc32(key, sum);
  return crc32(value, crc32(length, sum)) >>> 0;
}
