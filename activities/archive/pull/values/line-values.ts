import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { LeftReason } from '../../../log/left-reasons.ts';
import { JsonTime, type JsonTimeOptions } from './json-time.ts';
import { ValuesAsLines, type LineFiles } from './values-as-lines.ts';

/** Any text, archived as it is; its time is in a field where it is JSON and the job names one. */
export class LineValues extends ValuesAsLines {
  readonly #time: JsonTime | undefined;

  constructor(files: LineFiles, time: JsonTimeOptions) {
    super(files);
    this.#time = time.field === undefined ? undefined : new JsonTime(time);
  }

  look({ bytes, valueStart: start, valueEnd: end }: RecordCursor): LeftReason | undefined {
    const value = bytes.subarray(start, end);
    const left = this.endsWithin(value);
    if (left === undefined && this.#time !== undefined) {
      this.time = this.#time.read(value);
      this.timeFault = this.#time.fault;
    }
    return left;
  }

  append(writer: FileWriter, time: number, { bytes, valueStart, valueEnd }: RecordCursor): boolean {
    return this.files.append(writer, time, bytes, valueStart, valueEnd);
  }
}
