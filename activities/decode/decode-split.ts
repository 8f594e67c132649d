import { ConnectionError } from '../../connections/connection-error.ts';
import { openFileSource } from '../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { FormatError } from '../../formats/format-error.ts';
import type { SortBuffer } from '../../formats/sorted/sort-buffer.ts';
import { SortedFileWriter } from '../../formats/sorted/sorted-file-writer.ts';
import { JobError } from '../job/job-error.ts';
import type { ManifestFile } from '../manifest/manifest.ts';
import { decodeFile } from './decode-file.ts';
import type { DecodeProgress, DecodeTask, SplitCounts } from './decode-task.ts';
import { RecordSink } from './record-sink.ts';
import { SkippedRecords } from './skipped-records.ts';

/**
 * Decodes the files of one split into a sorted file. Memory holds one sort buffer and a window of one input file; when
 * the buffer is full it becomes a section of the sorted file.
 */
export class SplitDecoding {
  readonly #task: DecodeTask;
  readonly #store: FileStore;
  readonly #buffer: SortBuffer;
  readonly #progress: DecodeProgress;
  readonly #sink: RecordSink;
  readonly #skipped: SkippedRecords;

  constructor(task: DecodeTask, store: FileStore, buffer: SortBuffer, progress: DecodeProgress) {
    this.#task = task;
    this.#store = store;
    this.#buffer = buffer;
    this.#progress = progress;
    this.#sink = new RecordSink(task.job, task.partitions, buffer);
    this.#skipped = new SkippedRecords(task.job.badData.policy);
    buffer.startSplit();
  }

  /** The bytes of the sorted file. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { number, fingerprint, split } = this.#task;
    const writer = new SortedFileWriter({ fingerprint, firstSplit: number, lastSplit: number });
    yield writer.start();
    for (const file of split.files) {
      const fileNumber = writer.addFile({ split: number, path: file.path, sourcePartition: file.partition ?? -1 });
      this.#sink.beginFile(fileNumber, file);
      for await (const _full of this.#decodeFile(file)) yield* this.#section(writer);
      this.#progress({ file: file.path, read: this.#sink.read });
    }
    if (this.#buffer.count > 0) yield* this.#section(writer);
    yield writer.finish();
  }

  counts(): Omit<SplitCounts, 'bytesSorted'> {
    const { read, kept, outOfRange, clamped, timeUnit } = this.#sink;
    const { count: skipped, byFault: skippedBy, lines: errors } = this.#skipped;
    return { read: read + skipped, kept, outOfRange, clamped, timeUnit, skipped, skippedBy, errors };
  }

  *#section(writer: SortedFileWriter): Generator<Uint8Array> {
    yield* writer.section(this.#buffer);
    this.#buffer.clear();
    this.#progress({ file: this.#sink.file?.path ?? '', read: this.#sink.read });
  }

  /** Yields whenever the sort buffer is full. */
  async *#decodeFile(file: ManifestFile): AsyncGenerator<void> {
    const { job, split, schema } = this.#task;
    const source = openFileSource(this.#store, { ...file, kind: 'file' });
    const before = this.#sink.read + this.#skipped.count;
    try {
      await source.verify();
      yield* decodeFile(source, {
        job,
        range: split.range,
        schema,
        sink: this.#sink,
        skipped: this.#skipped,
        path: file.path,
      });
      // Only now is it certain that every byte was of the file in the manifest.
      await source.verify();
    } catch (error) {
      if (error instanceof JobError || error instanceof ConnectionError) throw error;
      if (!(error instanceof FormatError)) throw error;
      this.#skipped.orThrow(error, file.path, {
        records: Math.max(1, this.#expectedOf(file) - (this.#sink.read + this.#skipped.count - before)),
      });
    }
    this.#checkCount(file, this.#sink.read + this.#skipped.count - before);
  }

  /** Records that the split takes of the file, as far as its name tells. */
  #expectedOf({ count = 1, length }: ManifestFile): number {
    const { range } = this.#task.split;
    return range === undefined ? count : Math.ceil((count * (range.end - range.start)) / length);
  }

  /** A container that is cut between two blocks looks whole; the count in Camus's name tells. */
  #checkCount(file: ManifestFile, found: number): void {
    if (file.count === undefined || this.#task.split.range !== undefined || found === file.count) return;
    const error = new FormatError('truncated', 'the file does not hold the records that its name counts', {
      position: file.length,
      expected: `${file.count} records`,
      found: `${found}`,
    });
    this.#skipped.orThrow(error, file.path, { records: Math.max(0, file.count - found) });
  }
}
