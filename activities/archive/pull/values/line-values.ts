import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { LeftReason } from '../../../log/left-reasons.ts';
import { jsonTime, type JsonTimeOptions } from './json-time.ts';
import { ValuesAsLines, type LineFiles } from './values-as-lines.ts';

/** Any text, archived as it is; its time is in a field where it is JSON and the job names one. */
export class LineValues extends ValuesAsLines {
  readonly #readTime: ((value: Uint8Array) => number) | undefined;

  constructor(files: LineFiles, time: JsonTimeOptions) {
    super(files);
    this.#readTime = time.field === undefined ? undefined : jsonTime(time);
  }

  look({ bytes, valueStart: start, valueEnd: end }: RecordCursor): LeftReason | undefined {
    const value = bytes.subarray(start, end);
    const left = this.endsWithin(value);
    if (left === undefined) this.time = this.#readTime?.(value) ?? Number.NaN;
    return left;
  }

  append(writer: FileWriter, time: number, { bytes, valueStart, valueEnd }: RecordCursor): boolean {
    return this.files.append(writer, time, bytes, valueStart, valueEnd);
  }
}
