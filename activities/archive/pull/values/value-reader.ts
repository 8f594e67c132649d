import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import type { FileWriter } from '../../../../formats/output/file-writer.ts';
import type { ByteSink } from '../../../../formats/output/byte-sink.ts';
import type { TimeFault } from './json-time.ts';
import type { LeftReason } from '../../../log/left-reasons.ts';
import type { Producer } from './producer.ts';

/**
 * Reads the values of one topic, and writes them into data files. A record is looked at by `look`, which leaves in the
 * fields what it found: no object is made for a record.
 */
export interface ValueReader {
  /** Whether a null value has a place in its files. @default false: it is counted as a tombstone */
  readonly takesNull?: boolean;
  /** Whether records are archived whole, so that all their bytes count. @default false: those of values do */
  readonly whole?: boolean;
  /** What the files don't tell of records that are in them, and of how many, since the reader was made. */
  readonly untold?: Readonly<Record<string, number>>;
  /**
   * Looks at the value of a record, which is null only where it takes that.
   *
   * @returns undefined where it can be archived; `schema` where its schema must be loaded first, and `look` be called
   * again; else why it can't
   */
  look(record: RecordCursor, partition: number): LeftReason | 'schema' | undefined;
  /** Loads what the last `look` lacked; afterwards the same `look` tells whether there is such a schema. */
  loadSchema(signal: AbortSignal): Promise<void>;
  /** Milliseconds since 1970 of the value that was looked at; NaN where it has no time. */
  readonly time: number;
  /** Why it has none, where that is worth telling. */
  readonly timeFault?: TimeFault | undefined;
  /** Files of one partition and bucket differ by it: values of several schemas don't fit in one. */
  readonly form: string;
  /** A writer for files of the form that was looked at. @param seed names the file; the same for each attempt */
  openFile(sink: ByteSink, seed: string): Promise<FileWriter>;
  /**
   * Appends the value that was looked at.
   *
   * @param time - that of its bucket
   * @returns whether more may be appended without waiting for the writer to drain
   * @throws FormatError for a value of which nothing was written
   */
  append(writer: FileWriter, time: number, record: RecordCursor): boolean;
  /** Who made the value that was looked at. */
  producer(): Producer;
  /** What was wrong with the last value that can't be archived, for its error. */
  readonly wrong: string;
}
