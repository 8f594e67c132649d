import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { ByteSink } from '../../../../formats/output/byte-sink.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { LeftReason } from '../../../log/left-reasons.ts';
import type { TimeFault } from './json-time.ts';
import { UNKNOWN_PRODUCER, type Producer } from './producer.ts';
import type { ValueReader } from './value-reader.ts';

/** A writer of files of lines, whatever their format. */
export interface LineFiles {
  open(sink: ByteSink, seed: string): Promise<FileWriter>;
  append(writer: FileWriter, time: number, bytes: Uint8Array, start: number, end: number): boolean;
  /** What ends a line; a value that holds it would be two. Undefined where records have lengths. */
  delimiter: Uint8Array | undefined;
}

/** What all have in common that archive a record as a line: no schemas, one form of files, nobody who made it. */
export abstract class ValuesAsLines implements ValueReader {
  readonly form = '';
  time = Number.NaN;
  timeFault: TimeFault | undefined;
  wrong = '';
  protected readonly files: LineFiles;

  constructor(files: LineFiles) {
    this.files = files;
  }

  abstract look(record: RecordCursor, partition: number): LeftReason | undefined;
  abstract append(writer: FileWriter, time: number, record: RecordCursor): boolean;

  async loadSchema(): Promise<void> {}

  openFile(sink: ByteSink, seed: string): Promise<FileWriter> {
    return this.files.open(sink, seed);
  }

  producer(): Producer {
    return UNKNOWN_PRODUCER;
  }

  /** Why a line of these bytes would be two; undefined where it wouldn't. */
  protected endsWithin(line: Buffer): LeftReason | undefined {
    const { delimiter } = this.files;
    if (delimiter === undefined || !line.includes(delimiter as Buffer)) return undefined;
    this.wrong = 'the value holds what ends a line; archive it as a SequenceFile (files.format)';
    return 'delimiter';
  }
}
