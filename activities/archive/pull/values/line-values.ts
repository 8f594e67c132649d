import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { LeftReason } from '../../../log/left-reasons.ts';
import { jsonTime, type JsonTimeOptions } from './json-time.ts';
import { ValuesAsLines, type LineFiles } from './values-as-lines.ts';

/** Values that are archived as they are: JSON, whose time is in a field, and any text, which has none. */
export class LineValues extends ValuesAsLines {
  readonly #readTime: ((value: Uint8Array) => number) | undefined;

  constructor(files: LineFiles, time: JsonTimeOptions & { json: boolean }) {
    super(files);
    const { json, field } = time;
    this.#readTime = json || field !== undefined ? jsonTime(time) : undefined;
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
