import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import { ByteWriter } from '../../../../formats/byte-writer.ts';
import { NifiLineWriter } from '../../../../formats/nifi/nifi-line-writer.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { LeftReason } from '../../../log/left-reasons.ts';
import { JsonTime, type JsonTimeOptions } from './json-time.ts';
import { ValuesAsLines, type LineFiles } from './values-as-lines.ts';

/**
 * Lines `TOPIC-PARTITION-OFFSET<@>KEY<@>PAYLOAD`, as NiFi flows keep them: keys and payloads byte for byte. Null is
 * written as nothing, and so is empty; both are counted.
 */
export class NifiValues extends ValuesAsLines {
  readonly takesNull = true;
  readonly untold: Record<string, number> = {};
  readonly #lines: NifiLineWriter;
  readonly #time: JsonTime | undefined;
  readonly #line = new ByteWriter(4096);
  #partition = 0;

  /** @param time where payloads have theirs; @default Kafka's timestamp */
  constructor(files: LineFiles, topic: string, delimiter: string, time: JsonTimeOptions) {
    super(files);
    this.#lines = new NifiLineWriter(topic, delimiter);
    this.#time = time.field === undefined ? undefined : new JsonTime(time);
  }

  look({ bytes, keyStart, keyEnd, valueStart, valueEnd }: RecordCursor, partition: number): LeftReason | undefined {
    this.#partition = partition;
    const wrong = this.#lines.refusal(bytes, keyStart, keyEnd, valueStart, valueEnd);
    if (wrong !== undefined) {
      this.wrong = wrong;
      return 'delimiter';
    }
    if (this.#time !== undefined) {
      const isNull = valueStart < 0;
      this.time = isNull ? Number.NaN : this.#time.read(bytes.subarray(valueStart, valueEnd));
      this.timeFault = isNull ? 'missing' : this.#time.fault;
    }
    return undefined;
  }

  append(writer: FileWriter, time: number, record: RecordCursor): boolean {
    const { bytes, offset, keyStart, keyEnd, valueStart, valueEnd } = record;
    const line = this.#line;
    line.length = 0;
    this.#lines.append(line, this.#partition, offset, bytes, keyStart, keyEnd, valueStart, valueEnd);
    if (keyEnd - keyStart <= 0) this.#count(keyStart < 0 ? 'null key' : 'empty key');
    if (valueEnd - valueStart <= 0) this.#count(valueStart < 0 ? 'null value' : 'empty value');
    return this.files.append(writer, time, line.bytes, 0, line.length);
  }

  #count(what: string): void {
    this.untold[what] = (this.untold[what] ?? 0) + 1;
  }
}
