import { crc32 } from '@node-rs/crc32';
import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { LeftReason } from '../../../log/left-reasons.ts';
import { jsonObject, unlikeObject, type JsonObject } from './json-object.ts';
import { JsonTime, type JsonTimeOptions } from './json-time.ts';
import { ValuesAsLines, type LineFiles } from './values-as-lines.ts';

/**
 * JSON objects with what stands beside them in their record, as Camus's JsonWrappedStringMessageDecoder writes them:
 * `{"topic","partition","offset","checksum","payload","key","timestamp"}`. Payload and key are as they came, without
 * blanks between their tokens: a line feed there would end the line.
 */
export class WrappedValues extends ValuesAsLines {
  readonly #topic: string;
  readonly #time: JsonTime;
  /** The line up to its time. */
  #head = Buffer.alloc(0);

  constructor(files: LineFiles, topic: string, time: JsonTimeOptions) {
    super(files);
    this.#topic = JSON.stringify(topic);
    this.#time = new JsonTime(time);
  }

  look(record: RecordCursor, partition: number): LeftReason | undefined {
    const value = record.value!;
    const payload = jsonObject(value);
    if (payload === undefined) return this.#unlike('value', value);
    const { key: keyBytes } = record;
    const key = wrappedKey(keyBytes);
    if (key === undefined) return this.#unlike('key', keyBytes!);
    const checksum = messageChecksum(keyBytes, value);
    this.#head = Buffer.from(
      `{"topic":${this.#topic},"partition":${partition},"offset":${record.offset},"checksum":${checksum},"payload":${compact(payload)},"key":${compact(key)},"timestamp":`,
    );
    const left = this.endsWithin(this.#head);
    if (left !== undefined) return left;
    this.time = this.#time.readParsed(payload.value, payload.text);
    this.timeFault = this.#time.fault;
    return undefined;
  }

  append(writer: FileWriter, time: number): boolean {
    const line = Buffer.concat([this.#head, Buffer.from(`${Math.trunc(time)}}`)]);
    return this.files.append(writer, time, line, 0, line.length);
  }

  #unlike(what: string, bytes: Buffer): LeftReason {
    this.wrong = unlikeObject(what, bytes);
    return 'frame';
  }
}

const NULL: JsonObject = { text: 'null', value: null };
const EMPTY: JsonObject = { text: '""', value: '' };

/** A key as it is written; an empty one, for which Camus's decoder throws, is told from one that is not there. */
function wrappedKey(key: Buffer | null): JsonObject | undefined {
  if (key === null) return NULL;
  return key.length === 0 ? EMPTY : jsonObject(key);
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[^\s"]+/g;

/** JSON without blanks between its tokens, its numbers and texts as they are spelled. */
function compact({ text }: Pick<JsonObject, 'text'>): string {
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
