import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import { SortedFileWriter } from '../../../formats/sorted/file/sorted-file-writer.ts';
import type { RecordFunctions } from '../functions/record-functions.ts';
import type { DecodeProgress, SplitCounts, SplitTask } from './split-decoder.ts';
import { SplitRecords } from './split-records.ts';

/** One split as a sorted file: whenever the sort buffer is full, it becomes a section. */
export class SortedSplit {
  readonly #task: SplitTask;
  readonly #buffer: SortBuffer;
  readonly #records: SplitRecords;

  constructor(
    task: SplitTask,
    store: FileStore,
    buffer: SortBuffer,
    progress: DecodeProgress,
    functions?: RecordFunctions,
  ) {
    this.#task = task;
    this.#buffer = buffer;
    this.#records = new SplitRecords(task, store, buffer, progress, functions);
  }

  /** The bytes of the sorted file. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { number, fingerprint } = this.#task;
    const writer = new SortedFileWriter({ fingerprint, firstSplit: number, lastSplit: number });
    yield writer.start();
    for await (const _full of this.#records.full((file) => writer.addFile(file))) yield* this.#section(writer);
    if (this.#buffer.count > 0) yield* this.#section(writer);
    yield writer.finish();
  }

  counts(): Omit<SplitCounts, 'bytesSorted'> {
    return this.#records.counts();
  }

  *#section(writer: SortedFileWriter): Generator<Uint8Array> {
    yield* writer.section(this.#buffer);
    this.#buffer.clear();
  }
}
