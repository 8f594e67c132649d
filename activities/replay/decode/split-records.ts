import { openFileSource, type FileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { SourceFile } from '../../../formats/sorted/file/sorted-section.ts';
import { READ_WINDOW, TAIL_WINDOW } from '../../../formats/read-ahead.ts';
import type { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import type { RecordFunctions } from '../functions/record-functions.ts';
import { tellsOffsets } from '../job/own-offsets.ts';
import type { ManifestFile } from '../manifest/manifest.ts';
import { decodeListedFile } from './decode-listed-file.ts';
import { HEAD_BYTES, withHeadKept } from './kept-head.ts';
import { RecordSink } from './record-sink.ts';
import { SkippedRecords } from './skipped-records.ts';
import { SmallFilesAhead, type LookAtFiles } from './small-files-ahead.ts';
import type { DecodeProgress, SplitCounts, SplitTask } from './split-decoder.ts';
import { threadMemory } from './thread-memory.ts';
import { pulse } from './thread-pulse.ts';

/**
 * Decodes the files of one split into a sort buffer, which is to be emptied whenever it is full. Memory holds the buffer
 * and a window of one input file.
 */
export class SplitRecords {
  readonly #task: SplitTask;
  readonly #store: FileStore;
  readonly #progress: DecodeProgress;
  readonly #sink: RecordSink;
  readonly #skipped: SkippedRecords;
  readonly #functions: RecordFunctions | undefined;
  #head: Buffer | undefined;

  constructor(
    task: SplitTask,
    store: FileStore,
    buffer: SortBuffer,
    progress: DecodeProgress,
    functions?: RecordFunctions,
  ) {
    this.#task = task;
    this.#functions = functions;
    this.#store = store;
    this.#progress = progress;
    const { job, partitions, split, window } = task;
    const fromByte = split.range?.start;
    this.#sink = new RecordSink(job, partitions, buffer, { fromByte, window });
    this.#skipped = new SkippedRecords(task.job.badData.policy);
    buffer.startSplit();
  }

  /** Yields whenever the buffer is full. `addFile`: gives an input file its number in the table of files. */
  async *full(addFile: (file: SourceFile) => number): AsyncGenerator<void> {
    const { number, split, job, schema, recordsPerByte } = this.#task;
    const look: LookAtFiles = (folder, names) => this.#store.statuses(folder, names);
    const sources = new SmallFilesAhead(split.files, (file) => this.#open(file), look);
    for (const [index, file] of split.files.entries()) {
      pulse.file(index);
      const numberOf = (partition = -1): number =>
        addFile({ split: number, path: file.path, sourcePartition: partition });
      this.#sink.beginFile(tellsOffsets(job) ? numberOf : numberOf(file.partition), file);
      const own = { sink: this.#sink, skipped: this.#skipped, functions: this.#functions };
      const parts = { job, range: split.range, schema, recordsPerByte, ...own };
      const source = sources.take(index);
      for await (const _full of decodeListedFile(source, file, parts)) {
        yield;
        this.#moved(file);
      }
      this.#moved(file);
    }
    if (this.#head !== undefined) threadMemory.give(this.#head);
  }

  counts(): Omit<SplitCounts, 'bytesSorted'> {
    const { read, kept, outOfRange, outOfRangeTimes, filtered, clamped, timeUnit } = this.#sink;
    const { count: skipped, byFault: skippedBy, estimated, lines: errors } = this.#skipped;
    const remarks = this.#sink.remarks.size === 0 ? undefined : [...this.#sink.remarks];
    const times = { timeUnit, strays: this.#sink.strays(), outOfRangeTimes };
    const records = { read: read + skipped, kept, outOfRange, filtered, clamped, skipped, skippedBy, estimated };
    return { ...records, ...times, remarks, errors, offsets: this.#sink.keptOffsets };
  }

  /**
   * Every read is a sign that the split moves: records that are out of range, or a file that is read for its checksum
   * first, may take hours without filling a section.
   */
  #open(file: ManifestFile): FileSource {
    const source = openFileSource(this.#store, { ...file, kind: 'file' }, { lookFirst: false });
    const told = async (bytes: Promise<Uint8Array>): Promise<Uint8Array> => {
      const read = await bytes;
      this.#moved(file);
      return read;
    };
    const read: FileSource['read'] = (position, length, signal, into) =>
      told(source.read(position, length, signal, into));
    const kept = { ...source, readAll: (signal?: AbortSignal) => told(source.readAll(signal)), read };
    const headBytes = this.#headBytes(file);
    return withHeadKept(kept, headBytes, headBytes > HEAD_BYTES ? this.#headMemory() : undefined);
  }

  /** One file is read after the other, and of each only its own bytes are used. */
  #headMemory(): Buffer {
    return (this.#head ??= threadMemory.take(READ_WINDOW));
  }

  /** Of a split that begins with the file all is read at once, or as much as a range has. */
  #headBytes({ length }: ManifestFile): number {
    const { start, end } = this.#task.split.range ?? { start: 0, end: length };
    return start > 0 ? HEAD_BYTES : Math.min(length, end + TAIL_WINDOW, READ_WINDOW);
  }

  #moved(file: ManifestFile): void {
    this.#progress({ file: file.path, read: this.#sink.read });
  }
}
