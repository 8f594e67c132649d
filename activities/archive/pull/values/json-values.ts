import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { LeftReason } from '../../../log/left-reasons.ts';
import { jsonObject, unlikeObject } from './json-object.ts';
import { JsonTime, type JsonTimeOptions } from './json-time.ts';
import { ValuesAsLines, type LineFiles } from './values-as-lines.ts';

/** JSON objects, archived as they are. What is none is refused, as by Camus's JsonStringMessageDecoder. */
export class JsonValues extends ValuesAsLines {
  readonly #time: JsonTime;

  constructor(files: LineFiles, time: JsonTimeOptions) {
    super(files);
    this.#time = new JsonTime(time);
  }

  look({ bytes, valueStart: start, valueEnd: end }: RecordCursor): LeftReason | undefined {
    const value = bytes.subarray(start, end);
    const left = this.endsWithin(value);
    if (left !== undefined) return left;
    // Nothing more is parsed than for its time.
    const object = jsonObject(value);
    if (object === undefined) {
      this.wrong = `${unlikeObject('value', value)}; lines of anything are archived by value "text"`;
      return 'frame';
    }
    this.time = this.#time.readParsed(object.value, object.text);
    this.timeFault = this.#time.fault;
    return undefined;
  }

  append(writer: FileWriter, time: number, { bytes, valueStart, valueEnd }: RecordCursor): boolean {
    return this.files.append(writer, time, bytes, valueStart, valueEnd);
  }
}
