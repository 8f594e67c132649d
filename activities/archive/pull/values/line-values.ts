import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { ByteSink } from '../../../../formats/output/byte-sink.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { LeftReason } from '../../../log/left-reasons.ts';
import { jsonTime, type JsonTimeOptions } from './json-time.ts';
import { UNKNOWN_PRODUCER, type Producer } from './producer.ts';
import type { ValueReader } from './value-reader.ts';

/** A writer of files of lines, whatever their format. */
export interface LineFiles {
  open(sink: ByteSink, seed: string): Promise<FileWriter>;
  append(writer: FileWriter, time: number, bytes: Uint8Array, start: number, end: number): boolean;
  /** What ends a line; a value that holds it would be two. Undefined where records have lengths. */
  delimiter: Uint8Array | undefined;
}

/** Values that are archived as they are: JSON, whose time is in a field, and any text, which has none. */
export class LineValues implements ValueReader {
  readonly form = '';
  time = Number.NaN;
  wrong = '';
  readonly #files: LineFiles;
  readonly #readTime: ((value: Uint8Array) => number) | undefined;

  constructor(files: LineFiles, time: JsonTimeOptions & { json: boolean }) {
    this.#files = files;
    const { json, field } = time;
    this.#readTime = json || field !== undefined ? jsonTime(time) : undefined;
  }

  look({ bytes, valueStart: start, valueEnd: end }: RecordCursor): LeftReason | undefined {
    const { delimiter } = this.#files;
    const value = bytes.subarray(start, end);
    if (delimiter !== undefined && value.includes(delimiter as Buffer)) {
      this.wrong = 'the value holds what ends a line; archive it as a SequenceFile (files.format)';
      return 'delimiter';
    }
    this.time = this.#readTime?.(value) ?? Number.NaN;
    return undefined;
  }

  async loadSchema(): Promise<void> {}

  openFile(sink: ByteSink, seed: string): Promise<FileWriter> {
    return this.#files.open(sink, seed);
  }

  producer(): Producer {
    return UNKNOWN_PRODUCER;
  }

  append(writer: FileWriter, time: number, { bytes, valueStart, valueEnd }: RecordCursor): boolean {
    return this.#files.append(writer, time, bytes, valueStart, valueEnd);
  }
}
