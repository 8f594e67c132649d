import { FormatError } from '../../../../formats/format-error.ts';
import type { Int64 } from '../../../../formats/int64.ts';
import { int64ToBigInt } from '../../../../formats/int64.ts';
import type { ByteSink } from '../../../../formats/output/byte-sink.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import { lineTimeReader, type ReadLineTime } from '../../../../formats/text/time.ts';
import type { LeftReason } from '../left-reasons.ts';
import { UNKNOWN_PRODUCER, type Producer } from './producer.ts';
import type { ValueReader } from './value-reader.ts';

/** Where Camus's JsonStringMessageDecoder looks for the time, and how it expects it. */
const CAMUS_FIELD = 'timestamp';
const CAMUS_FORMAT = '[dd/MMM/yyyy:HH:mm:ss Z]';

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
  readonly #readTime: ReadLineTime | undefined;
  readonly #raw: Int64 = { hi: 0, lo: 0 };

  constructor(files: LineFiles, time: { json: boolean; field?: string | undefined; format?: string | undefined }) {
    this.#files = files;
    const { json, field = json ? CAMUS_FIELD : undefined, format = CAMUS_FORMAT } = time;
    this.#readTime = field === undefined ? undefined : lineTimeReader({ field, format });
  }

  look(bytes: Buffer, start: number, end: number): LeftReason | undefined {
    const { delimiter } = this.#files;
    const value = bytes.subarray(start, end);
    if (delimiter !== undefined && value.includes(delimiter as Buffer)) {
      this.wrong = 'the value holds what ends a line; archive it as a SequenceFile (files.format)';
      return 'delimiter';
    }
    this.time = Number.NaN;
    if (this.#readTime === undefined) return undefined;
    try {
      this.#readTime(value, this.#raw);
      this.time = Number(int64ToBigInt(this.#raw.hi, this.#raw.lo));
    } catch (error) {
      // Camus takes the clock where it finds no time; here it is Kafka's, which another attempt sees as well.
      if (!(error instanceof FormatError) || error.fault !== 'time') throw error;
    }
    return undefined;
  }

  async loadSchema(): Promise<void> {}

  openFile(sink: ByteSink, seed: string): Promise<FileWriter> {
    return this.#files.open(sink, seed);
  }

  producer(): Producer {
    return UNKNOWN_PRODUCER;
  }

  append(writer: FileWriter, time: number, bytes: Buffer, start: number, end: number): boolean {
    return this.#files.append(writer, time, bytes, start, end);
  }
}
