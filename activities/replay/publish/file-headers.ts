import type { EntryOrigin, SortedEntry } from '../../../formats/sorted/file/sorted-entry.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { fileHeaders, type EncodedHeaders } from '../record/record-headers.ts';

/** The headers that all records of an input file have, made when the first record of each comes by. */
export class FileHeaders {
  readonly #which: ReplayJob['output']['headers'];
  readonly #known = new WeakMap<EntryOrigin, EncodedHeaders[]>();
  /** The file that the last record stood in, whose headers most of the next ones want. */
  #last: EntryOrigin | undefined;
  #ofLast: EncodedHeaders[] = [];

  constructor(which: ReplayJob['output']['headers']) {
    this.#which = which;
  }

  of({ sortedFile, file }: SortedEntry): EncodedHeaders {
    if (sortedFile !== this.#last) {
      this.#last = sortedFile;
      this.#ofLast = this.#known.get(sortedFile) ?? [];
      this.#known.set(sortedFile, this.#ofLast);
    }
    return (this.#ofLast[file] ??= this.#encode(sortedFile, file));
  }

  #encode(origin: EntryOrigin, file: number): EncodedHeaders {
    const { path, sourcePartition } = origin.files.file(file);
    return fileHeaders(this.#which, path, sourcePartition < 0 ? undefined : sourcePartition);
  }
}
