import { openFileSource, type FileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import { withHeadKept } from './kept-head.ts';
import { SortedFileWriter } from '../../../formats/sorted/file/sorted-file-writer.ts';
import { decodeListedFile } from './decode-listed-file.ts';
import type { DecodeProgress, DecodeTask, SplitCounts } from './split-decoder.ts';
import type { ManifestFile } from '../manifest/manifest.ts';
import type { RecordFunctions } from '../functions/record-functions.ts';
import { tellsOffsets } from '../job/own-offsets.ts';
import { RecordSink } from './record-sink.ts';
import { pulse } from './thread-pulse.ts';
import { SmallFilesAhead } from './small-files-ahead.ts';
import { SkippedRecords } from './skipped-records.ts';

/**
 * Decodes the files of one split into a sorted file. Memory holds one sort buffer and a window of one input file; when
 * the buffer is full it becomes a section of the sorted file.
 */
export class SortedSplit {
  readonly #task: DecodeTask;
  readonly #store: FileStore;
  readonly #buffer: SortBuffer;
  readonly #progress: DecodeProgress;
  readonly #sink: RecordSink;
  readonly #skipped: SkippedRecords;
  readonly #functions: RecordFunctions | undefined;

  constructor(
    task: DecodeTask,
    store: FileStore,
    buffer: SortBuffer,
    progress: DecodeProgress,
    functions?: RecordFunctions,
  ) {
    this.#task = task;
    this.#functions = functions;
    this.#store = store;
    this.#buffer = buffer;
    this.#progress = progress;
    this.#sink = new RecordSink(task.job, task.partitions, buffer, { fromByte: task.split.range?.start });
    this.#skipped = new SkippedRecords(task.job.badData.policy);
    buffer.startSplit();
  }

  /** The bytes of the sorted file. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { number, fingerprint, split } = this.#task;
    const writer = new SortedFileWriter({ fingerprint, firstSplit: number, lastSplit: number });
    yield writer.start();
    const sources = new SmallFilesAhead(split.files, (file) => this.#open(file));
    for (const [index, file] of split.files.entries()) {
      pulse.file(index);
      const { job, schema, recordsPerByte } = this.#task;
      const addFile = (partition = -1): number =>
        writer.addFile({ split: number, path: file.path, sourcePartition: partition });
      this.#sink.beginFile(tellsOffsets(job) ? addFile : addFile(file.partition), file);
      const own = { sink: this.#sink, skipped: this.#skipped, functions: this.#functions };
      const parts = { job, range: split.range, schema, recordsPerByte, ...own };
      const source = sources.take(index);
      for await (const _full of decodeListedFile(source, file, parts)) yield* this.#section(writer);
      this.#progress({ file: file.path, read: this.#sink.read });
    }
    if (this.#buffer.count > 0) yield* this.#section(writer);
    yield writer.finish();
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
    const source = openFileSource(this.#store, { ...file, kind: 'file' });
    const told = async (bytes: Promise<Uint8Array>): Promise<Uint8Array> => {
      const read = await bytes;
      this.#progress({ file: file.path, read: this.#sink.read });
      return read;
    };
    return withHeadKept({
      ...source,
      whole: (signal) => told(source.whole(signal)),
      read: (position, length, signal) => told(source.read(position, length, signal)),
    });
  }

  *#section(writer: SortedFileWriter): Generator<Uint8Array> {
    yield* writer.section(this.#buffer);
    this.#buffer.clear();
    this.#progress({ file: this.#sink.file?.path ?? '', read: this.#sink.read });
  }
}
